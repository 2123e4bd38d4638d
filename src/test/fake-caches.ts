/** As much of Cache Storage as the model cache uses, in memory, for tests outside a browser. */
export class FakeCaches {
  readonly entries = new Map<string, { body: Uint8Array<ArrayBuffer>; headers: Headers }>();
  /** Bytes that fit; writing more fails as a full disk does. */
  quota = Number.POSITIVE_INFINITY;
  /** Whether the browser forbids storage, as in a sandboxed frame. */
  forbidden = false;

  async open(): Promise<Cache> {
    if (this.forbidden) throw new DOMException("Storage is forbidden.", "SecurityError");
    const { entries } = this;
    const urlOf = (request: RequestInfo | URL) => (request instanceof Request ? request.url : `${request}`);
    const cache: Pick<Cache, "match" | "put" | "delete" | "keys"> = {
      match: async (request) => {
        const entry = entries.get(urlOf(request));
        return entry && new Response(entry.body, { headers: entry.headers });
      },
      put: async (request, response) => {
        const body = new Uint8Array(await response.arrayBuffer());
        if (this.#used() + body.byteLength > this.quota)
          throw new DOMException("No room.", "QuotaExceededError");
        entries.set(urlOf(request), { body, headers: new Headers(response.headers) });
      },
      delete: async (request) => entries.delete(urlOf(request)),
      keys: async () => [...entries.keys()].map((url) => new Request(url)),
    };
    return cache as Cache;
  }

  #used(): number {
    return [...this.entries.values()].reduce((sum, { body }) => sum + body.byteLength, 0);
  }
}
