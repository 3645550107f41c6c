// Runs before anything is drawn: the reader's choice of light or dark, the language, and the room that the address names.
{
  const root = document.documentElement;
  const theme = localStorage.getItem("theme");
  if (theme) root.classList.add(theme);
  if (localStorage.getItem("side") === "closed") root.classList.add("side-closed");
  root.lang = document.querySelector('meta[name="language"]')?.content ?? root.lang;
  root.dataset.room = new URLSearchParams(location.search).get("room") || "chat";
}
