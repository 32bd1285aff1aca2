// Beside the list its filters are open; above it, on a phone, they are folded.
const filters = document.querySelector("details.filters");
if (filters) filters.open = matchMedia("(min-width: 768px)").matches;
