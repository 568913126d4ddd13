"""Scripts that the tests run in a page, for test_reading.py."""

CONTRAST = """
const parse = (text) => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map(
    (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
function behind(element) {
    for (let at = element; at; at = at.parentElement) {
        const colour = parse(getComputedStyle(at).backgroundColor);
        if (colour.length < 4 || colour[3] > 0.99) return colour;
    }
    return [255, 255, 255];
}
const found = {};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility(
            {opacityProperty: true, visibilityProperty: true})) continue;
    if (element.matches('script, style, .headerlink')) continue;
    const style = getComputedStyle(element), svg = element.closest('svg');
    const colour = parse(svg ? style.fill : style.color);
    const [a, b] = [light(colour), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.5 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5))
        found[`${element.tagName}.${element.getAttribute('class')}`] =
            `${ratio.toFixed(2)} ${walker.currentNode.textContent.trim()}`;
}
return found;
"""

COLUMNS = """
const box = (element) => element.getBoundingClientRect();
const article = box(document.querySelector('article'));
const half = article.left + article.width / 2;
const beside = [...document.querySelectorAll(
    'section > figure, .drag > .experiment')].map(box).filter(
    (one) => one.width > 0);
return [[...document.querySelectorAll(
            'section:has(> h2) > p:not(:has(img)), .drag > p')].map(
            (p) => p.getClientRects()[0]).filter(
            (one) => one && one.width > article.width * 0.52).length,
        beside.filter((one) => one.left < half - 5
                      && one.right > half + 5).length,
        [...document.querySelectorAll('div.math')].filter(
            (one) => getComputedStyle(one).overflowY !== 'hidden').length,
        // A table with no words beside it begins at the left.
        [...document.querySelectorAll(
            'h2 + .table-wrapper:last-child')].filter(
            (one) => box(one).left > half - 5).length];
"""

# In Chromium a root sign takes the room of the largest one, see notes.js.
ROOTS = """
return [...document.querySelectorAll('msqrt')].filter((root) => {
    const inside = root.lastElementChild.getBoundingClientRect();
    const end = root.getBoundingClientRect().right
        + parseFloat(getComputedStyle(root).marginRight);
    return inside.width && end - inside.right > 1.5;
}).length;
"""

NAMES = """
const found = [];
for (const box of document.querySelectorAll('.experiment:not(.graph)')) {
    if (!box.checkVisibility()) continue;
    const svg = box.querySelector('svg'), slider = box.querySelector('input');
    const [value, page] = [slider.value, svg.getBoundingClientRect()];
    for (const part of [0, 0.25, 0.5, 0.75, 1]) {
        slider.value = Math.round(slider.max * part);
        slider.dispatchEvent(new Event('input'));
        const names = [...svg.querySelectorAll('.name')].filter((one) =>
            one.getAttribute('visibility') !== 'hidden').map(
            (one) => one.getBoundingClientRect());
        for (const [i, a] of names.entries()) {
            if (a.left < page.left - 1 || a.right > page.right + 1)
                found.push('outside');
            for (const b of names.slice(i + 1))
                if (a.left < b.right - 1 && b.left < a.right - 1
                    && a.top < b.bottom - 4 && b.top < a.bottom - 4)
                    found.push(svg.ariaLabel);
        }
    }
    slider.value = value;
    slider.dispatchEvent(new Event('input'));
    const scale = page.width / svg.viewBox.baseVal.width;
    if (13 * scale < 12.5) found.push(`text of ${13 * scale} px`);
}
return found;
"""

# Labels in Chinese with fewer than two letters a line, and tables whose
# end no reader can scroll to.
SQUEEZED = """
const range = document.createRange(), found = [];
for (const label of document.querySelectorAll(
        'article :is(th, td, h1, h2, h3, dt, summary, button, label)')) {
    const text = document.createTreeWalker(
        label, NodeFilter.SHOW_TEXT).nextNode();
    if (!/[\\u4e00-\\u9fff]{2}/.test(text?.data)
        || label.textContent.replace('\u00b6', '').trim()
            !== text.data.trim() || !label.checkVisibility()) continue;
    range.selectNodeContents(text);
    const lines = new Set([...range.getClientRects()].map(
        (line) => Math.round(line.top))).size;
    if (lines > 1 && text.data.trim().length / lines < 2)
        found.push(text.data);
}
for (const table of document.querySelectorAll('.table-wrapper'))
    if (table.scrollWidth > table.clientWidth + 1 && table.clientWidth
        && getComputedStyle(table).overflowX === 'visible')
        found.push(table.className);
return found;
"""

SOURCES = """
return [...document.querySelectorAll('.cite')].map(cite => {
    const [link, entry] = cite.children;
    if (!link.checkVisibility()) return null;
    // A window in the background fires no events of its own.
    const fire = (kind) => link.dispatchEvent(
        new FocusEvent(kind, {bubbles: true}));
    link.focus();
    fire('focusin');
    const box = entry.getBoundingClientRect(), shown = box.width > 0;
    dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}));
    const closed = !entry.checkVisibility();
    link.blur();
    fire('focusout');
    return [link.hash, shown && box.left >= 0
            && box.right <= document.documentElement.clientWidth, closed];
}).filter(Boolean)"""

OPERATE = """
for (const slider of document.querySelectorAll('input[type=range]'))
    for (const value of [slider.min, slider.max]) {
        slider.value = value;
        slider.dispatchEvent(new Event('input'));
    }
for (const symbol of document.querySelectorAll('[data-sym]'))
    symbol.dispatchEvent(new MouseEvent('mouseover', {bubbles: true}));
// Not the slides: test_deck.py has them.
for (const button of document.querySelectorAll('button:not(#deck-button)'))
    button.click();
for (let y = 0; y < document.body.scrollHeight; y += 400)
    scrollTo(0, y);
// For the next test: at the top, and without the theme just chosen.
scrollTo({top: 0, behavior: 'instant'});
localStorage.clear();
"""

# Every slide, and what of the page is on none and in no notes.
SLIDES = """
const done = arguments[0];
const stage = document.querySelector('.deck-stage');
stage.classList.add('composing');
const slides = [...document.querySelectorAll('.slide')];
const beyond = (one) => Math.max(one.scrollHeight - one.clientHeight,
                                 one.scrollWidth - one.clientWidth);
const words = (one) => {
    const copy = one.cloneNode(true);
    copy.querySelectorAll('[role=tooltip], .headerlink, .unfold').forEach(
        (tip) => tip.remove());
    return copy.textContent.replace(/\\s+/g, ' ').trim();
};
// How many full stops and commas begin a line.
const torn = (block) => {
    const text = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    const left = block.getBoundingClientRect().left + 2;
    let count = 0;
    while (text.nextNode()) {
        const node = text.currentNode;
        if (node.parentElement.closest('math, code')) continue;
        for (const stop of node.data.matchAll(
                /[\uff0c\u3002\uff1b\uff1a\uff09\u3001\uff1f]|^[.,;:)]/g)) {
            range.setStart(node, stop.index);
            range.setEnd(node, stop.index + 1);
            const box = range.getBoundingClientRect();
            count += box.width > 0 && box.left < left;
        }
    }
    return count;
};
const shown = slides.map((slide) => {
    const body = slide.querySelector('.body');
    const h2 = body.querySelector('h2');
    const style = h2 && getComputedStyle(h2);
    const size = (one) => parseFloat(getComputedStyle(one).fontSize);
    const pres = [...slide.querySelectorAll('pre')];
    const wide = [...pres, ...slide.querySelectorAll(
        '.math-wrapper, p, li, blockquote')];
    return {
        number: slide.dataset.number,
        kind: slide.className.replace(/ (current|next)/, ''),
        backup: slide.matches('.backup'),
        text: slide.textContent,
        beyond: Math.max(beyond(slide.querySelector('.body')),
                         ...wide.map((one) => one.scrollWidth
                                              - one.clientWidth)),
        drawn: [...slide.querySelectorAll('.experiment text')].every(
            (text) => text.getBoundingClientRect().right
                <= text.closest('svg').getBoundingClientRect().right + 2),
        head: h2 && [style.fontSize, style.color, style.borderBottom,
                     h2.offsetTop].join(' '),
        // How far down there is something, and what is read beside code.
        filled: Math.max(...[...body.children].map((one) => one.offsetTop
            + one.offsetHeight)) / body.offsetHeight,
        said: Math.min(99, ...[...body.querySelectorAll('.answer > p')].map(
            size)),
        torn: [...body.querySelectorAll('p, li')].map(torn).reduce(
            (sum, count) => sum + count, 0),
        code: Math.min(99, ...pres.map(
            (pre) => parseFloat(getComputedStyle(pre).fontSize))),
        cut: pres.map((pre) => pre.textContent.replace(
            /"(\\\\.|[^"\\n])*"|#.*/g, '').replace(
            /\\n(\\s*\\n)+/g, '\\n')).filter((code) =>
            (code.match(/[([{]/g) ?? []).length
            !== (code.match(/[)\\]}]/g) ?? []).length
            || /^(elif|else|except)\\b/.test(code)
            || /^( *)(try|except|if|elif|else|for|with)\\b.*:\\s*\\n(?!\\1 )/m
                .test(code)
            || /:\\s*$/.test(code) && !code.startsWith('class ')),
    };
});
stage.classList.remove('composing');
const all = slides.flatMap((slide) => [slide, ...slide.notes]).map(
    words).join(' ');
const lines = new Set(slides.flatMap((slide) => [
    ...slide.querySelectorAll('pre')].flatMap(
        (pre) => pre.textContent.split('\\n').map((line) => line.trim()))));
const article = document.querySelector('article');
const lost = [];
for (const block of article.querySelectorAll(
    'p, li, div.math, tbody > tr, figure img, .experiment, pre')) {
    if (block.closest('.preface, td, .gaps, output')) continue;
    if (block.matches('pre'))
        lost.push(...block.textContent.split('\\n').map(
            (line) => line.trim()).filter((line) => !lines.has(line)));
    else if (block.matches('img')) {
        if (!slides.some((slide) => slide.querySelector(
            `img[src="${block.getAttribute('src')}"]`)))
            lost.push(block.src);
    } else if (!block.matches('.experiment') && !all.includes(words(block)))
        lost.push(words(block));
}
done([shown, lost]);
"""
