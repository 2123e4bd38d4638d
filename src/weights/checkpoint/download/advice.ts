import type { DownloadReason } from "./failure.ts";
import { isLoopback, shown, siteOf } from "./site.ts";

type Advice = Readonly<Record<ReturnType<typeof siteOf>, (address: string, host: string) => string>>;

const FROM_DISK = "download the file there and choose it here from this computer";
const signIn: Advice = {
  own: (address) =>
    `The site asks you to sign in: open ${address} in a new tab, sign in, and press Play again.`,
  hub: () => `There is no such repository, or it is private: check its name, or sign in there, ${FROM_DISK}.`,
  foreign: (_, host) =>
    `${host} wants to know who asks, and no sign-in goes from this page to other sites: ${FROM_DISK}.`,
};
const forbidden: Advice = {
  own: (address) =>
    `The site does not let you read this file: open ${address} in a new tab, sign in as somebody who may, and press Play again.`,
  hub: () => `The repository is gated: accept its conditions there, ${FROM_DISK}.`,
  foreign: () =>
    `It may not be read from here, or its address was signed and has expired: get a new address, or ${FROM_DISK}.`,
};
const notFound: Advice = {
  own: (address) => `There is no file at ${address}: check the address.`,
  hub: () => "The repository has no such file: check the names of the repository, the revision and the file.",
  foreign: (address) => `There is no file at ${address}: check the address.`,
};
const same = (sentence: (address: string, host: string) => string): Advice => ({
  own: sentence,
  hub: sentence,
  foreign: sentence,
});

const advices: Readonly<Record<DownloadReason, Advice>> = {
  offline: same(() => "You are offline: connect to the network and press Play again."),
  unreachable: same(
    (_, host) => `${host} cannot be reached: check the address and your connection, and press Play again.`,
  ),
  "not-shared": same(
    (address, host) =>
      `${host} is there, but lets no other site read its answer (CORS): its server would have to send the header ` +
      `Access-Control-Allow-Origin, and so would one to which it redirects. Open ${address} in a new tab to see what it ` +
      "says; a file that you download so can be chosen here from this computer, or be put beside this page.",
  ),
  redirected: same(
    (address) =>
      "The site sends the request on to another site, to its sign-in perhaps, whose answer this page may not read: open " +
      `${address} in a new tab, sign in if it asks you to, and press Play again.`,
  ),
  policy: same(
    (_, host) =>
      `The Content-Security-Policy of this page does not let it ask ${host}, or a server to which that redirects: whoever ` +
      "runs the page has to allow it in connect-src, or put the file beside the page.",
  ),
  "mixed-content": same(
    () =>
      "A page that came over https may not ask an http address: use the https address of the file, or put it beside the page.",
  ),
  "sign-in": signIn,
  forbidden,
  "not-found": notFound,
  gone: same(() => "The file was taken away for good: look for another address."),
  busy: same(
    () => "Too many ask its server at the moment: wait a little and press Play again. What has come is kept.",
  ),
  "server-error": same(() => "Its server is in trouble: press Play again in a while. What has come is kept."),
  "other-answer": same((address) => `Check the address: open ${address} in a new tab to see what is there.`),
  "other-file": same((address) => `Another file lies there than the one expected: check ${address}.`),
  cut: same(() => "Check the connection and press Play again: it goes on where it stopped."),
  silence: same(() => "Check the connection and press Play again: it goes on where it stopped."),
};

/** What to do about an address that does not give the file. */
export function adviceFor(reason: DownloadReason, url: string): string {
  const target = new URL(url);
  const address = shown(url);
  if (reason === "unreachable" && isLoopback(target))
    return `Nothing answers at ${target.host} on this computer: start the server there and press Play again.`;
  return advices[reason][siteOf(url)](address, target.host);
}

/** What to do where a page came instead of the file, which is how many sites ask for a sign-in. */
export function pageInstead(what: string, url: string, answered: string): string {
  if (siteOf(url) === "own")
    return `${what} If the site asks you to sign in: open ${shown(url)} in a new tab, sign in, and press Play again.`;
  if (answered !== "" && shown(answered) !== shown(url))
    return `${what} It was sent on to ${shown(answered)}: if you have to sign in there, ${FROM_DISK}.`;
  return what;
}
