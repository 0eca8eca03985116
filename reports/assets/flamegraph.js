// A flame graph's search and zoom. Each frame is a <g class="frame"> whose data-x and data-w are its
// begin and width as parts of the whole, and data-y its row; what is shown is the part of the
// whole between view.x and view.x + view.w. Loads nothing, stores nothing.
(function () {
  "use strict";

  const CHARACTER_WIDTH = 7;
  const svg = document.documentElement;
  const margin = Number(svg.dataset.margin);
  const width = svg.viewBox.baseVal.width - 2 * margin;
  const frames = Array.from(document.querySelectorAll(".frame"), (group) => ({
    group,
    box: group.querySelector("rect"),
    text: group.querySelector("text"),
    tooltip: group.querySelector("title").textContent,
    x: Number(group.dataset.x),
    w: Number(group.dataset.w),
    y: Number(group.dataset.y),
  }));
  const resetButton = document.getElementById("reset");
  const searchButton = document.getElementById("search");
  const details = document.getElementById("details");
  const matched = document.getElementById("matched");

  function label(frame, pixels) {
    const name = frame.tooltip.split("\n")[0];
    const room = Math.floor((pixels - 4) / CHARACTER_WIDTH);
    if (room < 3) return "";
    return name.length <= room ? name : name.slice(0, room - 2) + "..";
  }

  // What is left of a zoomed frame's neighbours by the rounding of data-x is no part of the view.
  const LEAST_PART = 1e-6;

  // A zoomed frame's callers are wider than the view: they are cut to it, and pale.
  function show(view, row) {
    for (const frame of frames) {
      const begin = Math.max(frame.x, view.x);
      const end = Math.min(frame.x + frame.w, view.x + view.w);
      const isVisible = end - begin > LEAST_PART * view.w;
      frame.group.classList.toggle("hidden", !isVisible);
      frame.group.classList.toggle("parent", frame.y < row);
      if (!isVisible) continue;
      const left = margin + ((begin - view.x) / view.w) * width;
      const pixels = ((end - begin) / view.w) * width;
      frame.box.setAttribute("x", left.toFixed(2));
      frame.box.setAttribute("width", pixels.toFixed(2));
      frame.text.setAttribute("x", (left + 3).toFixed(2));
      frame.text.textContent = label(frame, pixels);
    }
    resetButton.classList.toggle("hidden", view.w === 1);
  }

  function zoomOut() {
    show({ x: 0, w: 1 }, 0);
  }

  // The matched part of the whole: a frame that stands on a matching one adds nothing.
  function matchedPart(matches) {
    const byBegin = matches.slice().sort((a, b) => a.x - b.x || b.w - a.w);
    let part = 0;
    let end = -1;
    for (const frame of byBegin) {
      if (frame.x + 1e-12 < end) continue;
      part += frame.w;
      end = frame.x + frame.w;
    }
    return part;
  }

  function search(pattern) {
    let expression = null;
    try {
      expression = pattern ? new RegExp(pattern) : null;
    } catch (error) {
      details.textContent = error.message;
      return;
    }
    const matches = [];
    for (const frame of frames) {
      const isMatch = expression !== null && expression.test(frame.tooltip.split("\n")[0]);
      frame.group.classList.toggle("match", isMatch);
      if (isMatch) matches.push(frame);
    }
    const percent = (100 * matchedPart(matches)).toFixed(2);
    matched.textContent = expression === null ? "" : "Matched: " + percent + " %";
    searchButton.textContent = expression === null ? "Search" : "Reset search";
  }

  function askOrReset() {
    const isSearching = matched.textContent !== "";
    search(isSearching ? "" : prompt("Show functions that match this regular expression:", ""));
  }

  for (const frame of frames) {
    frame.group.addEventListener("click", () => show(frame, frame.y));
    frame.group.addEventListener("mouseover", () => {
      details.textContent = frame.tooltip.split("\n").slice(0, 2).join("  ");
    });
    frame.group.addEventListener("mouseout", () => {
      details.textContent = "";
    });
  }
  resetButton.addEventListener("click", zoomOut);
  searchButton.addEventListener("click", askOrReset);
  window.addEventListener("keydown", (event) => {
    if (event.key === "F3" || (event.ctrlKey && event.key === "f")) {
      event.preventDefault();
      askOrReset();
    } else if (event.key === "Escape") {
      zoomOut();
      search("");
    }
  });
  zoomOut();
})();
