// Runs before anything is drawn: the reader's light or dark, language and time zone, and the room that the address names.
{
  const root = document.documentElement;
  const theme = localStorage.getItem("theme");
  if (theme) root.classList.add(theme);
  if (localStorage.getItem("side") === "closed") root.classList.add("side-closed");
  root.lang = document.querySelector('meta[name="language"]')?.content ?? root.lang;
  document.cookie = `zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}; path=/; max-age=31536000; samesite=lax`;
  root.dataset.room = new URLSearchParams(location.search).get("room") || "chat";
}
