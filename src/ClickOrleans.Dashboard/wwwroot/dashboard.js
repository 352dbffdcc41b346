// What the server cannot do for a browser: local times, the theme, and coming back after a silo was away.

const retry = 1000;

// Shows the UTC time in its attribute as the visitor's own; its title says the UTC time.
customElements.define('local-time', class extends HTMLElement {
  static observedAttributes = ['datetime', 'format'];

  constructor() {
    super();
    this.attachShadow({ mode: 'open' });
  }

  attributeChangedCallback() {
    const at = new Date(this.getAttribute('datetime'));
    if (isNaN(at)) {
      this.shadowRoot.innerHTML = '<slot></slot>';
      return;
    }

    const day = { year: 'numeric', month: '2-digit', day: '2-digit' };
    const hour = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
    const today = at.toDateString() === new Date().toDateString();
    const options = this.getAttribute('format') === 'time' && today ? hour : { ...day, ...hour };
    this.shadowRoot.textContent = new Intl.DateTimeFormat('sv-SE', options).format(at);
  }
});

document.addEventListener('click', event => {
  if (event.target.closest('[data-theme-switch]')) {
    const root = document.documentElement;
    const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
    const theme = (root.dataset.theme || system) === 'dark' ? 'light' : 'dark';
    root.dataset.theme = theme;
    document.cookie = `theme=${theme};path=/;max-age=31536000;samesite=strict`;
  }
});

// A silo that was started anew does not know this page: it is loaded again. One that was only out of reach goes on where it was.
async function comeBack() {
  const lost = document.getElementById('lost');
  lost.hidden = false;
  for (;;) {
    await new Promise(resolve => setTimeout(resolve, retry));
    try {
      if (await Blazor.reconnect()) {
        lost.hidden = true;
        return;
      }

      await fetch('/health/live', { cache: 'no-store' });
      location.reload();
      return;
    } catch {
      // Not there yet.
    }
  }
}

document.addEventListener('DOMContentLoaded', async () => {
  await Blazor.start({ circuit: { reconnectionHandler: { onConnectionDown: comeBack, onConnectionUp: () => {} } } });
});
