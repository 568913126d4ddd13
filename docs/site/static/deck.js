"use strict";
// The deck: `p` shows the page as slides, `?deck` opens it so, at slide 7
// for `?deck#7`. compose.js makes the slides. A second window, `?speaker`,
// shows the notes and follows the first: pages that are files may not
// share anything, but a window may write to the one that opened it.
addEventListener("load", () => {
  const lectures = globalThis.lectures, {stage} = lectures;
  const words = document.getElementById("deck-words");
  if (!words) return;
  lectures.words = JSON.parse(words.textContent);
  const asked = new URLSearchParams(location.search);
  const speaking = asked.has("speaker");
  let slides = [], at = 0, step = 0, scrolled = 0, began = Date.now();
  let other = speaking ? opener : null;

  const isOn = () => document.body.classList.contains("deck");
  const has = (kind) => document.body.classList.contains(kind);

  function tell() {
    other?.postMessage({lecture: location.pathname, at, step, began}, "*");
  }

  // `told`: by the other window, which need not be told again.
  function show(next, shown = 0, told = false) {
    at = Math.max(0, Math.min(next, slides.length - 1));
    const slide = slides[at];
    step = Math.max(0, Math.min(shown, slide.steps));
    slides.forEach((one, i) => {
      one.classList.toggle("current", i === at);
      one.classList.toggle("next", i === at + 1);
    });
    for (const one of slide.querySelectorAll(".step"))
      one.classList.toggle("waits", Number(one.dataset.step) > step);
    notes.replaceChildren(...slide.notes.map((one) => one.cloneNode(true)));
    if (has("overview")) slide.scrollIntoView({block: "nearest"});
    if (!speaking)
      history.replaceState(null, "", `#${slide.dataset.number}`);
    if (!told) tell();
  }

  const forward = () => step < slides[at].steps
    ? show(at, step + 1) : at + 1 < slides.length && show(at + 1);
  const back = () => step > 0
    ? show(at, step - 1) : at > 0 && show(at - 1, slides[at - 1].steps);

  function resize() {
    const scale = Math.min(innerWidth / 1920, innerHeight / 1080);
    stage.style.setProperty("--scale", scale);
    stage.style.setProperty("--width", innerWidth);
  }

  // Of an address: the number of a slide, or the id of a section.
  function wanted() {
    const name = decodeURIComponent(location.hash.slice(1));
    const found = slides.findIndex((slide) => slide.dataset.number === name
      || slide.dataset.section === name);
    return Math.max(0, found);
  }

  async function enter() {
    await document.fonts.ready;
    if (isOn()) return;
    scrolled = scrollY;
    document.body.classList.add("deck");
    document.body.append(stage, bar, notes, keys, clock);
    if (!slides.length) slides = lectures.compose();
    resize();
    tick();
    // The speaker's window asks where the deck is before it leads it.
    show(wanted(), 0, speaking);
    document.body.dataset.slides = slides.length;
  }

  function leave() {
    const id = slides[at].dataset.section;
    document.body.classList.remove("deck", "notes", "overview", "clock");
    delete document.body.dataset.slides;
    for (const one of [stage, bar, notes, keys, clock]) one.remove();
    history.replaceState(null, "", at ? `#${id}` : location.pathname);
    if (at) document.getElementById(id).scrollIntoView();
    else scrollTo(0, scrolled);
  }

  function overview() {
    document.body.classList.toggle("overview");
    show(at, step);
  }

  function speaker() {
    other = open(`${location.pathname}?speaker`, "speaker",
                 "popup,width=1200,height=800");
  }

  // What stands beside the slides.
  const bar = document.createElement("nav");
  bar.className = "deck-bar";
  for (const [text, key] of [["\u2190", "ArrowLeft"], ["\u2192", "ArrowRight"],
                             ["?", "?"], ["\u2715", "Escape"]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.setAttribute("aria-label", lectures.words.keys[key]);
    button.addEventListener("click", () => KEYS[key]());
    bar.append(button);
  }
  const notes = document.createElement("aside");
  notes.className = "deck-notes";
  const clock = document.createElement("div");
  clock.className = "deck-clock";
  const keys = document.createElement("dialog");
  keys.className = "deck-keys";
  for (const [key, does] of Object.entries(lectures.words.keys)) {
    const row = document.createElement("p");
    const name = document.createElement("kbd");
    name.textContent = {ArrowLeft: "\u2190", ArrowRight: "\u2192",
                        Escape: "Esc"}[key] ?? key;
    row.append(name, does);
    keys.append(row);
  }

  function tick() {
    const gone = Math.floor((Date.now() - began) / 1000);
    const two = (number) => String(number).padStart(2, "0");
    clock.textContent = `${two(Math.floor(gone / 60))}:${two(gone % 60)} · `
      + new Date().toTimeString().slice(0, 5);
  }

  const KEYS = {
    ArrowRight: forward, ArrowLeft: back,
    Home: () => show(0), End: () => show(slides.length - 1),
    o: overview, s: speaker,
    n: () => document.body.classList.toggle("notes"),
    c: () => document.body.classList.toggle("clock"),
    r: () => { began = Date.now(); tick(); tell(); },
    "?": () => keys.open ? keys.close() : keys.showModal(),
    Escape: () => keys.open ? keys.close()
      : has("overview") ? overview() : speaking ? close() : leave(),
  };
  const SAME = {PageDown: "ArrowRight", " ": "ArrowRight",
                PageUp: "ArrowLeft", ArrowDown: "ArrowRight",
                ArrowUp: "ArrowLeft", p: "Escape"};

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    // In a search field p is a letter; on a slider arrows move it.
    const typing = event.target.matches?.("input:not([type=range])");
    const sliding = event.target.matches?.("input[type=range]")
      && /^(Arrow|Home|End)/.test(event.key);
    const pressing = event.target.matches?.("button, summary, a")
      && /^( |Enter)$/.test(event.key);
    if (typing || sliding || pressing) return;
    if (!isOn() && event.key === "p") enter();
    else if (isOn() && has("overview") && event.key === "Enter") overview();
    else if (isOn() && (KEYS[event.key] || SAME[event.key]))
      KEYS[SAME[event.key] ?? event.key]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  // A click chooses a slide of the overview; elsewhere the edges turn it.
  stage.addEventListener("click", (event) => {
    const slide = event.target.closest(".slide");
    if (has("overview") && slide) {
      event.preventDefault();
      show(slides.indexOf(slide));
      overview();
    } else if (!event.target.closest("a, input, [data-sym], summary")) {
      if (event.clientX < innerWidth * 0.08) back();
      if (event.clientX > innerWidth * 0.92) forward();
    }
  });
  let touched = null;
  stage.addEventListener("touchstart", (event) => {
    touched = event.target.closest("input, pre") ? null : event.touches[0];
  }, {passive: true});
  stage.addEventListener("touchend", (event) => {
    if (!touched || has("overview")) return;
    const {clientX, clientY} = event.changedTouches[0];
    const across = clientX - touched.clientX;
    if (Math.abs(across) > 60
        && Math.abs(across) > 2 * Math.abs(clientY - touched.clientY))
      across < 0 ? forward() : back();
    touched = null;
  });

  // From the other window: where it is. The speaker's asks every second,
  // so that either may be loaded again.
  addEventListener("message", (event) => {
    const {data} = event;
    if (data?.lecture !== location.pathname || !isOn()) return;
    if (speaking && event.source !== opener) return;
    other = event.source;
    if (data.asks) tell();
    else {
      if (data.began !== undefined) began = data.began;
      show(data.at, data.step, true);
    }
  });
  setInterval(() => {
    if (!isOn()) return;
    tick();
    if (speaking)
      opener?.postMessage({lecture: location.pathname, asks: true}, "*");
  }, 1000);

  document.getElementById("deck-button")?.addEventListener("click", enter);
  addEventListener("resize", resize);
  addEventListener("hashchange", () => isOn() && show(wanted()));
  if (speaking) document.body.classList.add("speaker");
  if (speaking || asked.has("deck")) enter();
});
