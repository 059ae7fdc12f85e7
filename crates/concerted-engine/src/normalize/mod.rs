//! What is the same link, the same text, the same moment?
