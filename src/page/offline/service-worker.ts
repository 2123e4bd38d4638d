// Keeps the page for when there is no network: its document, and of its files those that were fetched. Built as a script of
// its own, service-worker.js, by tools/service-worker.ts. Models are kept elsewhere (src/weights/checkpoint/model-cache.ts).

/** What of a service worker's global scope is used here, which TypeScript's page types do not have. */
interface Lifecycle extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetch extends Lifecycle {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface ServiceWorkerScope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: "install" | "activate", listener: (event: Lifecycle) => void): void;
  addEventListener(type: "fetch", listener: (event: Fetch) => void): void;
  addEventListener(type: "message", listener: (event: MessageEvent & Lifecycle) => void): void;
}
const worker = globalThis as unknown as ServiceWorkerScope;

/** A number made of everything that was built: another build has another cache, and removes this one when it takes over. */
declare const __BUILD__: string;
const PREFIX = "next-token page ";
const CACHE = PREFIX + __BUILD__;

/** So long the network may take to bring the document before the one that is kept is shown. */
const PATIENCE = 4000;

const { scope } = worker.registration;

/** Files whose names hold a number of what is in them, and so never change: what the builds put into these folders. */
const isPartOfPage = (address: string): boolean =>
  address.startsWith(`${scope}assets/`) ||
  ["favicon.svg", "manifest.webmanifest"].some((name) => address === scope + name);

const keep = async (addresses: readonly string[]): Promise<void> => {
  const cache = await caches.open(CACHE);
  // One by one, since one that does not come is no reason to keep none.
  await Promise.allSettled(
    addresses.map(async (address) => {
      if (!(await cache.match(address))) await cache.add(address);
    }),
  );
};

worker.addEventListener("install", (event) => event.waitUntil(keep([scope])));

worker.addEventListener("activate", (event) =>
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      const earlier = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
      await Promise.all(earlier.map((name) => caches.delete(name)));
      await worker.clients.claim();
    })(),
  ),
);

/** The page tells what it had fetched before this worker was there. */
worker.addEventListener("message", (event) => {
  const { data } = event;
  if (!Array.isArray(data)) return;
  event.waitUntil(keep(data.filter((each) => typeof each === "string" && isPartOfPage(each))));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = request.url.replace(/[?#].*/, "");
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && (address === scope || address === `${scope}index.html`))
    event.respondWith(newestDocument(request));
  else if (isPartOfPage(address)) event.respondWith(part(event));
});

/** The newest document, or the kept one where the network does not bring it in time. */
async function newestDocument(request: Request): Promise<Response> {
  const kept = await (await caches.open(CACHE)).match(scope);
  const fetched = fetch(request);
  if (!kept) return fetched;
  const late = new Promise<Response>((resolve) => setTimeout(() => resolve(kept.clone()), PATIENCE));
  const answer = fetched.then((response) => (response.ok ? response : kept)).catch(() => kept);
  return Promise.race([answer, late]);
}

/** What is kept, or else what the network brings, which is kept. */
async function part(event: Fetch): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(event.request, { ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(event.request);
  // A full disk keeps nothing, and nothing else.
  if (response.ok && response.type === "basic")
    event.waitUntil(cache.put(event.request, response.clone()).catch(() => {}));
  return response;
}
