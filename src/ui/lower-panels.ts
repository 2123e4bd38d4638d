import { html, type TemplateResult } from "lit";
import type { GPTModel } from "../index.ts";
import type { ControlName } from "../lesson/control-names.ts";
import type { Consent } from "../lesson/models/consent.ts";
import { modelNotes } from "../lesson/models/model-notes.ts";
import { atStep } from "../lesson/models/model-source.ts";
import type { PanelName } from "../lesson/panel-names.ts";
import type { Settings } from "../lesson/session-state.ts";
import type { Training } from "../lesson/small-model/training.ts";
import type { Choice, View } from "./figure.ts";
import "./models/model-panel.ts";
import "./panels/panels.ts";

/** What stands below the figure, and who it is about. */
export interface LowerView extends View {
  controls: readonly ControlName[];
  panels: readonly PanelName[];
  consent: Consent;
  training: Training<GPTModel>;
  /** Where a file may be dropped. */
  dropTarget: HTMLElement;
  /** Whether a link to the page leads to what it shows now. */
  followsLinks: boolean;
}

/** What the element does for the panels. */
export interface LowerActions {
  choose(choice: Choice): void;
  set(change: Partial<Settings> & { prompts?: string[] }): void;
}

/** The menu of models, and the panels that are closed at first. */
export function lowerPanels(view: LowerView, { choose, set }: LowerActions): TemplateResult {
  const { session, controls, panels, consent, training, dropTarget, locked, row, followsLinks } = view;
  const { settings, model, prompts } = session;
  const isNamed = controls.includes("model");
  return html`
    <next-token-models
      class=${isNamed ? "panel" : "panel unnamed"}
      part="model"
      .model=${settings.model}
      .notes=${model ? modelNotes(model) : []}
      .verified=${model?.verified}
      .dropTarget=${dropTarget}
      .canChoose=${!locked && isNamed}
      .isNamed=${isNamed}
      .asked=${consent.asked}
      @host-answer=${({ detail }: CustomEvent<boolean>) => consent.answer(detail)}
      @model-choose=${({ detail }: CustomEvent<string>) => choose({ model: detail })}
    ></next-token-models>
    <next-token-panels
      class="panel"
      part="panels"
      .shown=${panels}
      .locked=${locked}
      .session=${session}
      .training=${training}
      .trainingRevision=${training.texts.revision}
      .revision=${session.state}
      .promptRevision=${prompts.revision}
      .settings=${settings}
      .row=${row}
      .followsLinks=${followsLinks}
      @settings-change=${({ detail }: CustomEvent<Partial<Settings>>) => set(detail)}
      @step-choose=${({ detail }: CustomEvent<number>) => choose({ model: atStep(settings.model, detail) })}
      @texts-wanted=${() => training.computeAll(session).catch((cause) => session.fail(cause))}
    ></next-token-panels>
  `;
}
