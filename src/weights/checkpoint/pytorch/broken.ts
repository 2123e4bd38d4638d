import { CheckpointError, type CheckpointRule } from "../checkpoint-error.ts";

/** What mends every refusal of a file that PyTorch could save otherwise. */
export const SAVE_WEIGHTS =
  'Save the weights alone, in Python: torch.save(model.state_dict(), "model.pth"), and choose that file.';

/** A file that PyTorch did not write like this, or that was damaged since. */
export const broken = (rule: CheckpointRule, what: string, tensor?: string): CheckpointError =>
  new CheckpointError(rule, `${what} The file is damaged or was not written by torch.save.`, { tensor });
