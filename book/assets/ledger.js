// The ledger's filters. Their state stands in the address, so that a selection can be linked to; without this script all
// rows are there and no filter is.
"use strict";
{
  const form = document.querySelector(".ledger-filters");
  const claims = [...document.querySelectorAll("tbody[data-label]")];
  const judged = claims.filter((claim) => claim.closest("table").id === "ledger");

  const asked = () => Object.fromEntries([...new FormData(form)].filter(([, value]) => value));

  const fits = (claim, { chapter, whose, verdict, preset, decided }) =>
    (!chapter || claim.dataset.chapter === chapter) &&
    (!whose || claim.dataset.whose === whose) &&
    claim.dataset.verdicts.split(" ").some((found) => {
      const [size, word] = found.split(":");
      return (
        (!preset || size === preset) &&
        (!verdict || word === verdict) &&
        (!decided || word === "holds" || word === "does-not-hold")
      );
    });

  const filter = () => {
    const given = asked();
    for (const claim of claims) claim.hidden = !fits(claim, given);
    for (const family of document.querySelectorAll("tbody.family")) {
      let next = family.nextElementSibling;
      while (next?.hidden) next = next.nextElementSibling;
      family.hidden = !next || next.classList.contains("family");
    }
    form.querySelector("output").value = `${judged.filter((claim) => !claim.hidden).length} of ${judged.length} claims`;
  };

  const write = () => {
    const query = new URLSearchParams(asked()).toString();
    history.replaceState(null, "", location.pathname + (query && `?${query}`) + location.hash);
  };

  const read = () => {
    for (const [name, value] of new URLSearchParams(location.search)) {
      const field = form.elements[name];
      if (field?.type === "checkbox") field.checked = value === field.value;
      else if (field) field.value = [...field.options].some((option) => option.value === value) ? value : "";
    }
  };

  // A link to a claim opens it, whatever is filtered.
  const open = () => {
    const claim = claims.find((one) => `#${one.id}` === location.hash);
    if (!claim) return;
    claim.hidden = false;
    claim.querySelector("details").open = true;
    claim.scrollIntoView();
  };

  form.addEventListener("change", () => { filter(); write(); });
  form.addEventListener("reset", () => setTimeout(() => { filter(); write(); }));
  window.addEventListener("hashchange", open);
  form.hidden = false;
  read();
  filter();
  open();
}
