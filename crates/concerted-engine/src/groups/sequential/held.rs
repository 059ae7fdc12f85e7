//! Who and what is still referred to? Numbers of accounts and objects can be given again once nothing
//! holds them; accounts of which only a weight is left wait in line to be forgotten.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// References to every account and object, over all scales.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Held {
    accounts: Vec<Holding>,
    objects: Vec<u32>,
    /// Accounts that nothing refers to but that have a weight, in the order in which they came to rest.
    idle: VecDeque<u32>,
    weighty: usize,
    /// Whether somebody gives numbers again; a scan does not, and would only heap them up.
    counting: bool,
    free_accounts: Vec<u32>,
    free_objects: Vec<u32>,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Holding {
    references: u32,
    has_weight: bool,
    in_line: bool,
}

impl Held {
    pub(super) fn account(&mut self, account: u32) {
        grow(&mut self.accounts, account);
        self.accounts[account as usize].references += 1;
    }

    pub(super) fn drop_account(&mut self, account: u32) {
        let holding = &mut self.accounts[account as usize];
        holding.references -= 1;
        if holding.references > 0 || !self.counting {
            return;
        }
        if !holding.has_weight {
            self.free_accounts.push(account);
        } else if !holding.in_line {
            holding.in_line = true;
            self.idle.push_back(account);
        }
    }

    pub(super) fn weigh(&mut self, account: u32) {
        let holding = &mut self.accounts[account as usize];
        self.weighty += usize::from(!holding.has_weight);
        holding.has_weight = true;
    }

    pub(super) fn object(&mut self, object: u32) {
        grow(&mut self.objects, object);
        self.objects[object as usize] += 1;
    }

    pub(super) fn drop_object(&mut self, object: u32) {
        self.objects[object as usize] -= 1;
        if self.objects[object as usize] == 0 && self.counting {
            self.free_objects.push(object);
        }
    }

    /// Takes the account that has rested longest out of the line.
    pub(super) fn longest_idle(&mut self) -> Option<u32> {
        while let Some(account) = self.idle.pop_front() {
            let holding = &mut self.accounts[account as usize];
            holding.in_line = false;
            // It may have come back since; it lines up again when it rests again.
            if holding.references == 0 && holding.has_weight {
                return Some(account);
            }
        }
        None
    }

    /// Frees an account whose weight was taken away.
    pub(super) fn release(&mut self, account: u32) {
        self.accounts[account as usize].has_weight = false;
        self.weighty -= 1;
        self.free_accounts.push(account);
    }

    pub(super) fn take_released(&mut self) -> (Vec<u32>, Vec<u32>) {
        self.counting = true;
        let mut accounts = std::mem::take(&mut self.free_accounts);
        accounts.retain(|&account| {
            let holding = self.accounts[account as usize];
            holding.references == 0 && !holding.has_weight
        });
        let mut objects = std::mem::take(&mut self.free_objects);
        objects.retain(|&object| self.objects[object as usize] == 0);
        for list in [&mut accounts, &mut objects] {
            list.sort_unstable();
            list.dedup();
        }
        (accounts, objects)
    }

    /// Accounts with a weight.
    pub(super) fn accounts(&self) -> usize {
        self.weighty
    }

    pub(super) fn bytes(&self) -> usize {
        self.accounts.len() * size_of::<Holding>() + self.objects.len() * 4 + self.idle.len() * 4
    }
}

/// Makes room for a place in a list that is numbered densely.
pub(super) fn grow<T: Clone + Default>(list: &mut Vec<T>, place: u32) {
    if list.len() <= place as usize {
        list.resize(place as usize + 1, T::default());
    }
}
