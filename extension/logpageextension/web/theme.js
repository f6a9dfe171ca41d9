// Before anything is drawn: the colours that were chosen here, if they are not those of the system.
{
  const theme = localStorage.getItem('theme');
  if (theme) document.documentElement.dataset.theme = theme;
}
