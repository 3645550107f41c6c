// Runs before anything is drawn: the reader's choice of light or dark, and the room that the address names.
{
  const root = document.documentElement;
  const theme = localStorage.getItem("theme");
  if (theme) root.classList.add(theme);
  if (localStorage.getItem("side") === "closed") root.classList.add("side-closed");
  root.dataset.room = new URLSearchParams(location.search).get("room") || "chat";
}
