// Comfort over forms that work without it: keys, live recomputation, copying. Decides nothing and words nothing.
"use strict";
document.documentElement.classList.add("js");
document.addEventListener("DOMContentLoaded", () => {
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const post = (form, extra, accept, address = form.action) => {
    const body = new URLSearchParams(new FormData(form));
    for (const [name, value] of Object.entries(extra)) body.set(name, value);
    return fetch(address, { method: "POST", body, headers: { Accept: accept } });
  };
  const typing = (target) => target.matches("textarea, select, input:not([type=radio])");
  let keys = {};

  const list = one(".queue");
  if (list) keys = queue(list);
  const page = one(".case[data-id]");
  if (page) keys = oneCase(page);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && typing(event.target)) return event.target.blur();
    if (typing(event.target)) return;
    const act = keys[event.key] || (/^[1-5]$/.test(event.key) && keys.digit);
    if (act && act(event) !== false) event.preventDefault();
  });

  function queue(list) {
    const rows = all(".row", list), told = one("#told"), given = [];
    sessionStorage.setItem("cases", JSON.stringify(rows.map((row) => row.dataset.case)));
    sessionStorage.setItem("query", list.dataset.query);
    const link = (row) => one(".account a", row);
    const current = () => rows.findIndex((row) => row.contains(document.activeElement));
    const move = (step) => {
      const now = current();
      const next = now < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(now + step, 0), rows.length - 1);
      link(rows[next]).focus();
      rows[next].scrollIntoView({ block: "nearest" });
    };
    const tell = (words) => { told.textContent = words; told.hidden = false; };
    const name = (row) => link(row).textContent.trim();
    const agree = async (row) => {
      const form = one(".do form", row);
      if (!form || row.classList.contains("said")) return tell(`${name(row)} has a verdict already; open it to add yours.`);
      row.classList.add("said");
      const answer = await post(form, { say: "agree" }, "application/json");
      const said = await answer.json();
      if (!answer.ok) { row.classList.remove("said"); return tell(`${name(row)}: ${said.error}`); }
      given.push({ row, form, entry: said.entry });
      one("input[name=seen]", form).value = said.seen;
      one("button", form).firstChild.textContent = "Agreed";
      tell(`Agreed with ${name(row)}. ${said.others && `${said.others} gave a verdict as well; both are kept. `}u takes it back.`);
    };
    const undo = async () => {
      const last = given.pop();
      if (!last) return tell("Nothing on this page to take back.");
      const address = `/case/${last.row.dataset.case}/undo`;
      const answer = await post(last.form, { entry: last.entry }, "application/json", address);
      const said = await answer.json();
      if (!answer.ok) return tell(`${name(last.row)}: ${said.error}`);
      last.row.classList.remove("said");
      one("input[name=seen]", last.form).value = said.seen;
      one("button", last.form).firstChild.textContent = "Agree";
      link(last.row).focus();
      tell(`Taken back: ${name(last.row)}.`);
    };
    for (const row of rows) {
      const form = one(".do form", row);
      if (form) form.addEventListener("submit", (event) => { event.preventDefault(); agree(row); });
    }
    return {
      j: () => move(1), k: () => move(-1), u: undo,
      a: () => (current() < 0 ? tell("Choose a case first: j and k move.") : agree(rows[current()])),
      "/": () => one("#text").focus(),
    };
  }

  function oneCase(page) {
    const form = one("#verdict"), reason = one("#reason");
    const recompute = one(".recompute", form);
    recompute.disabled = true; // Enter on a score must not send the form anywhere
    const cases = JSON.parse(sessionStorage.getItem("cases") || "[]");
    const query = sessionStorage.getItem("query");
    if (query) one("#to-queue").search = query;
    const leave = (step) => {
      const next = cases[cases.indexOf(page.dataset.id) + step];
      if (cases.includes(page.dataset.id) && next) location.assign(`/case/${next}`);
    };

    let newest = 0;
    const decide = async () => {
      const turn = ++newest;
      const answer = await post(form, {}, "text/html", `/case/${page.dataset.id}/decision`);
      const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (turn !== newest) return; // a later move was answered, or will be
      if (!answer.ok) return one("#decision .was").replaceChildren("This cannot be recomputed now; open the page again.");
      one("#decision").replaceChildren(one("#decision-now", parts));
      one("#warnings").replaceChildren(one("#warnings-now", parts));
    };
    form.addEventListener("change", (event) => { if (event.target !== reason) decide(); });
    // The browser may have kept moved scores over a reload: what is shown is what stands in the form.
    const moved = all("input[type=radio]", form).some((radio) => radio.checked !== radio.defaultChecked);
    if (moved || all("option", form).some((option) => option.selected !== option.defaultSelected && option.value)) decide();

    const thread = one(".thread");
    for (const score of all(".score", form)) {
      const light = () => {
        const first = one(`mark.${score.dataset.dimension}`, thread);
        if (first && thread.scrollHeight > thread.clientHeight) thread.scrollTop = first.offsetTop - thread.offsetTop - thread.clientHeight / 3;
      };
      score.addEventListener("mouseenter", light);
      score.addEventListener("focusin", light);
    }
    for (const button of all("[data-copy]")) {
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(one(`#${button.dataset.copy}`).value);
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 2000);
      });
    }
    return {
      j: () => leave(1), k: () => leave(-1), q: () => location.assign(one("#to-queue").href),
      r: () => { reason.focus(); reason.scrollIntoView({ block: "center" }); },
      a: () => form.requestSubmit(one("button[value=agree]", form)),
      u: () => { const back = one("[data-undo]"); if (!back) return false; back.form.requestSubmit(back); },
      digit: (event) => {
        const score = event.target.closest(".score");
        if (!score) return false;
        const radio = one(`input[value="${event.key}"]`, score);
        radio.focus();
        radio.click();
      },
    };
  }
});
