// Runs in the browser: local times, the theme, and reconnecting after the connection to the silo was lost.

const retryDelay = 1000;

// Shows the UTC time of its attribute in the browser's time zone; the title keeps UTC.
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

// A restarted silo does not know this page's circuit: the page is reloaded. After a network failure the circuit is resumed.
async function reconnect() {
  const banner = document.getElementById('connection-lost');
  banner.hidden = false;
  for (;;) {
    await new Promise(resolve => setTimeout(resolve, retryDelay));
    try {
      if (await Blazor.reconnect()) {
        banner.hidden = true;
        return;
      }

      await fetch('/health/live', { cache: 'no-store' });
      location.reload();
      return;
    } catch {
      // Not reachable yet.
    }
  }
}

// One request, the web socket itself: behind a load balancer a negotiation may be answered by one silo and the socket by another,
// which does not know of it. The page works on any silo, and comes back on any other.
const webSockets = 1;

document.addEventListener('DOMContentLoaded', async () => {
  await Blazor.start({
    circuit: {
      configureSignalR: connection => connection.withUrl('_blazor', { skipNegotiation: true, transport: webSockets }),
      reconnectionHandler: { onConnectionDown: reconnect, onConnectionUp: () => {} },
    },
  });
});
