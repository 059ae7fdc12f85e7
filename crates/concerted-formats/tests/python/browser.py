"""Do reports hold in a real browser: for eyes, for a keyboard, for a screen reader, on paper, offline?

Usage: browser.py CHROMIUM [--shots FOLDER] REPORT...

Each report is opened from disk in light and dark, at 1360 and 700 pixels, with scripts off, and printed
to A4 and Letter. Fails on any request that leaves, any message on the console, any finding of axe-core
(WCAG 2.2 A and AA), sideways scrolling, type below 7.5 pt on paper, and a keyboard that gets lost.
"""

import io
import pathlib
import sys
import tempfile

import axe_playwright_python
import pypdf
from playwright.sync_api import sync_playwright

arguments = sys.argv[1:]
chromium = arguments.pop(0)
shots = None
if arguments[0] == "--shots":
    shots = pathlib.Path(arguments[1])
    shots.mkdir(parents=True, exist_ok=True)
    arguments = arguments[2:]
reports = [pathlib.Path(argument).resolve() for argument in arguments]
axe = (pathlib.Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Width between the margins of print.css, in pixels of CSS.
PAPER = {"A4": 680, "Letter": 702}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# Points of the smallest writing on the page, with what it is; a figure may be drawn smaller than designed.
SMALLEST = """() => {
    let found = [1e9, ""];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest(".unseen, script, style")) continue;
        const svg = element.ownerSVGElement;
        const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
        const points = parseFloat(getComputedStyle(element).fontSize) * scale * 0.75;
        if (points < found[0]) found = [points, element.tagName + "." + element.getAttribute("class") + ": " + walker.currentNode.data.slice(0, 40)];
    }
    return found;
}"""
WIDE = "() => [document.documentElement.scrollWidth, innerWidth]"
checked = 0


def holds(what, true, detail=""):
    global checked
    checked += 1
    assert true, f"{what}: {detail}"


def opened(browser, report, **options):
    """A page that fails the test for whatever leaves it, opens, navigates or complains."""
    page = browser.new_context(viewport={"width": options.pop("width", 1360), "height": 900}, **options).new_page()
    page.set_default_timeout(120_000)
    address = report.as_uri()
    left, said = [], []
    page.on("requestfinished", lambda request: left.append(request.url) if request.url != address and not request.url.startswith("data:") else None)
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append("dialog " + dialog.message))
    page.goto(address)
    return page, left, said


def quiet(report, how, left, said):
    holds(f"{report.parent.name}, {how}: requests that left", not left, left)
    holds(f"{report.parent.name}, {how}: console", not said, said)


def looks(browser, report, scheme, width):
    how = f"{scheme} {width}"
    page, left, said = opened(browser, report, width=width, color_scheme=scheme)
    wide, room = page.evaluate(WIDE)
    holds(f"{report.parent.name}, {how}: sideways", wide <= room, f"{wide} px in {room}")
    if shots:
        stem = f"{report.parent.name.removesuffix('.case')}-{scheme}-{width}"
        page.screenshot(path=shots / f"{stem}.png")
        article = page.locator("article").first
        if article.count():
            article.scroll_into_view_if_needed()
            page.evaluate("() => document.querySelector('article').scrollIntoView()")
            page.screenshot(path=shots / f"{stem}-dossier.png")
        if width == 1360 and scheme == "light":
            page.screenshot(path=shots / f"{stem}-whole.png", full_page=True)
    quiet(report, how, left, said)
    page.context.close()

    # axe-core is a stranger's script, which the page's own policy would rightly stop.
    page, _, _ = opened(browser, report, width=width, color_scheme=scheme, bypass_csp=True)
    page.evaluate(axe)
    found = page.evaluate("(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", WCAG)
    problems = [
        f"{one['id']} ({one['help']}): {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found["violations"]
    ]
    holds(f"{report.parent.name}, {how}: axe-core", not problems, "\n".join(problems))
    page.context.close()


def without_scripts(browser, report):
    page, left, said = opened(browser, report, java_script_enabled=False)
    holds(f"{report.parent.name}, scripts off: sections", page.locator("section h2:visible").count() == 12)
    for figure in page.locator("figure").all():
        name = figure.get_attribute("id")
        holds(f"{report.parent.name}, scripts off: figure {name}", figure.locator("svg[role][aria-label]").count() == 1)
    holds(f"{report.parent.name}, scripts off: dead controls", page.locator("button, input").count() == 0)
    summary = page.locator("summary:visible").first
    summary.focus()
    page.keyboard.press("Enter")
    holds(f"{report.parent.name}, scripts off: the numbers open", summary.evaluate("s => s.parentElement.open"))
    quiet(report, "scripts off", left, said)
    page.context.close()


def by_keyboard(browser, report):
    page, left, said = opened(browser, report)
    # Forty steps: always forwards in the page, always with a ring that can be seen.
    page.evaluate("() => { window.was = null; }")
    for step in range(40):
        page.keyboard.press("Tab")
        state = page.evaluate(
            """() => {
                const now = document.activeElement;
                if (!now || now === document.body) return null;
                const style = getComputedStyle(now);
                const forwards = !was || Boolean(was.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING);
                const box = now.getBoundingClientRect();
                const inView = box.bottom > 0 && box.top < innerHeight;
                was = now;
                return { forwards, inView, ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2, what: now.outerHTML.slice(0, 80) };
            }"""
        )
        if state is None:
            break
        holds(f"{report.parent.name}, keyboard, step {step}", all(state[key] for key in ("forwards", "inView", "ring")), state)
    holds(f"{report.parent.name}, keyboard: something to step through", step > 10, step)
    table = page.locator("table.sort")
    if table.count():
        names = lambda: table.locator("tbody tr td:first-child").all_inner_texts()
        before = names()
        head = table.locator("th button", has_text="accounts")
        head.focus()
        page.keyboard.press("Enter")
        sizes = [int(cell.replace("\u202f", "")) for cell in table.locator("tbody tr td:nth-child(2)").all_inner_texts()]
        holds(f"{report.parent.name}, keyboard: sorted", sizes == sorted(sizes, reverse=True), sizes)
        holds(f"{report.parent.name}, keyboard: the order is told", table.locator("th[aria-sort=descending]").count() == 1)
        page.keyboard.press("Space")
        sizes = [int(cell.replace("\u202f", "")) for cell in table.locator("tbody tr td:nth-child(2)").all_inner_texts()]
        holds(f"{report.parent.name}, keyboard: sorted the other way", sizes == sorted(sizes), sizes)
        holds(f"{report.parent.name}, keyboard: no row is lost", sorted(names()) == sorted(before))
    find = page.locator(".find input")
    if find.count():
        rows = table.locator("tbody tr").count()
        find.focus()
        page.keyboard.type("no group holds these words")
        holds(f"{report.parent.name}, keyboard: nothing found", table.locator("tbody tr:visible").count() == 0)
        holds(f"{report.parent.name}, keyboard: it is said", page.locator("[role=status]").inner_text().startswith(f"0 of {rows}"))
        find.fill("")
        holds(f"{report.parent.name}, keyboard: all back", table.locator("tbody tr:visible").count() == rows)
    # Nothing that a stranger could have put into the page would get out.
    page.evaluate("() => { for (const name of ['img', 'script', 'iframe']) { const e = document.createElement(name); e.src = 'https://example.invalid/' + name; document.body.append(e); } }")
    page.wait_for_timeout(300)
    holds(f"{report.parent.name}: requests of a planted element", not left, left)
    page.context.close()
    del said


def on_paper(browser, report):
    for paper, width in PAPER.items():
        page, left, said = opened(browser, report, width=width)
        page.emulate_media(media="print")
        points, what = page.evaluate(SMALLEST)
        holds(f"{report.parent.name}, {paper}: smallest type {points:.2f} pt", points >= 7.5, what)
        wide, room = page.evaluate(WIDE)
        # What is wider than the paper makes the browser shrink everything.
        holds(f"{report.parent.name}, {paper}: wider than the paper", wide <= room, f"{wide} px in {room}")
        page.emulate_media(media="screen")
        document = page.pdf(format=paper, prefer_css_page_size=False, print_background=True, outline=False)
        if shots:
            (shots / f"{report.parent.name.removesuffix('.case')}-{paper}.pdf").write_bytes(document)
        pages = [one.extract_text() for one in pypdf.PdfReader(io.BytesIO(document)).pages]
        for number, text in enumerate(pages, 1):
            holds(f"{report.parent.name}, {paper}: page {number} says so", f"{number} of {len(pages)}" in text, text[-200:])
            holds(f"{report.parent.name}, {paper}: running head of page {number}", "concerted ·" in text, text[:200])
        quiet(report, paper, left, said)
        page.context.close()


with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
    browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS, env={"HOME": profile})
    for report in reports:
        # A very long page is looked at twice instead of four times; each takes axe-core a while.
        long = report.stat().st_size > 600_000
        for scheme, width in [("light", 1360), ("dark", 700), ("light", 700), ("dark", 1360)][: 2 if long else 4]:
            looks(browser, report, scheme, width)
        without_scripts(browser, report)
        by_keyboard(browser, report)
        on_paper(browser, report)
    browser.close()
print(f"all as expected: {checked} checks on {len(reports)} reports")
