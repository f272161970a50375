// A form that needs nobody to send it; without scripts there is its button.
document.querySelector("form[data-onward]")?.requestSubmit();
