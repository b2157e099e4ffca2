"use strict";
// The filter of the cases. Its state stands in the address after '#', so that a filtered page can be passed on.
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const shown = document.getElementById("shown");
  const cases = [...document.querySelectorAll("article.case")].map((article) => ({
    article,
    tags: JSON.parse(article.dataset.tags),
    bands: JSON.parse(article.dataset.bands),
    language: article.dataset.language,
    rows: [...article.querySelectorAll("tr[data-suite]")],
  }));

  function apply() {
    const wanted = Object.fromEntries(new FormData(form));
    let count = 0;
    for (const { article, tags, bands, language, rows } of cases) {
      for (const row of rows) row.hidden = Boolean(wanted.suite) && row.dataset.suite !== wanted.suite;
      const open = rows.filter((row) => !row.hidden);
      const fits =
        open.length > 0 &&
        (!wanted.failed || open.some((row) => row.dataset.failed === "1")) &&
        (!wanted.band || bands.includes(wanted.band)) &&
        (!wanted.tag || tags.includes(wanted.tag)) &&
        (!wanted.language || language === wanted.language);
      article.hidden = !fits;
      count += fits ? 1 : 0;
    }
    shown.value = `${count} of ${cases.length} cases`;
  }

  function read() {
    const hash = location.hash.slice(1);
    const linked = hash.includes("=") ? null : document.getElementById(decodeURIComponent(hash));
    if (linked) {
      form.reset();
      apply();
      linked.querySelector("details").open = true;
      linked.scrollIntoView();
      return;
    }
    const given = new URLSearchParams(hash);
    for (const field of form.elements) {
      if (field.type === "checkbox") field.checked = given.has(field.name);
      else if (field.name) field.value = given.get(field.name) ?? "";
    }
    apply();
  }

  form.addEventListener("input", () => {
    const chosen = [...new FormData(form)].filter(([, value]) => value);
    history.replaceState(null, "", `#${new URLSearchParams(chosen)}`);
    apply();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", read);
  form.hidden = false;
  read();
})();
