import { html, nothing } from "lit";
import type { DeviceChoice } from "../../config.ts";
import { offerOfProcessor, otherDevice } from "../../lesson/who-computes.ts";

/** Why the notebook's text is another one, where it is told apart by the mask alone. */
export const maskNote = (playUnmasked: () => void) => html`<p class="note">
    The notebook's second word is another: its causal mask never takes effect.
    <button type="button" class="inline" @click=${playUnmasked}>Run without the mask</button>
  </p>`;

/** On a software adapter: the processor itself, which is one press away; and where it was chosen, the way back. */
export function deviceNote(
  device: DeviceChoice,
  speedup: number | undefined,
  choose: (device: DeviceChoice) => void,
) {
  const offer = offerOfProcessor(speedup);
  if (offer) {
    return html`<p class="note">
      ${offer} <button type="button" class="inline" @click=${() => choose("cpu")}>${otherDevice.cpu}</button>
    </p>`;
  }
  if (device !== "cpu" || !navigator.gpu) return nothing;
  return html`<p class="note">
    <button type="button" class="inline" @click=${() => choose("auto")}>${otherDevice.gpu}</button>
  </p>`;
}
