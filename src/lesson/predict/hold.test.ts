import { describe, expect, it } from "vitest";
import { FakeBackend, type FakeModel } from "../../test/fake-backend.ts";
import { announcement } from "../announcement.ts";
import { Session } from "../session.ts";
import { defaultSettings } from "../settings.ts";
import { isNextHidden, isOpen } from "./asked.ts";
import type { Question } from "./question.ts";

/** A session in which each token is asked about; those are held whose position `holds`. */
function open(holds: (position: number) => boolean) {
  const backend = new FakeBackend();
  backend.others = [66, 97].map((id) => ({ id, logit: 0, probability: 0.1 }));
  const questions: Question[] = [];
  const events: string[] = [];
  const session = new Session(
    backend,
    { ...defaultSettings, maxNewTokens: 3 },
    (name) => events.push(name),
    () => {},
    (question) => {
      questions.push(question);
      return !holds(question.position);
    },
  );
  session.setPrompts(["Hi"], "error");
  const made = () => session.state.steps.length;
  return { backend, session, questions, events, made };
}

describe("a token that is asked about", () => {
  it("is shown where nobody objects", async () => {
    const { session, questions } = open(() => false);
    await session.play();
    expect(questions.map(({ position }) => position)).toEqual([2, 3, 4]);
    expect(session.state).toMatchObject({ asks: false, question: undefined, texts: ["Hi\x02\x03\x04"] });
  });

  it("is held where somebody does, and nothing of it is there to be seen", async () => {
    const { session, events, made } = open(() => true);
    await session.play();
    expect(session.state).toMatchObject({ activity: "idle", at: { step: 0, station: 1 }, asks: true });
    expect([made(), events.includes("token"), isOpen(session.state)]).toEqual([0, false, true]);
    expect(announcement(session.state, 1024, undefined)).toBe("What comes next?");
    session.show({ step: 0, station: 4 });
    expect(session.state.at?.station).toBe(1);
  });

  it("is offered among others, in an order that tells nothing", async () => {
    const { session, questions } = open(() => true);
    await session.play();
    expect(questions[0]!.choices).toEqual([
      [
        { id: 2, text: "\x02" },
        { id: 97, text: "a" },
        { id: 66, text: "B" },
      ],
    ]);
  });

  it("comes when it is let go, computed once, and the next one is asked about", async () => {
    const { backend, session, questions, made } = open(() => true);
    await session.token();
    await session.token(); // asks again
    expect(questions.map(({ position }) => position)).toEqual([2, 2]);
    session.hold.letGo();
    await session.token();
    expect([made(), session.state.at]).toEqual([1, { step: 0, station: 7 }]);
    expect(isOpen(session.state)).toBe(false);
    await session.token();
    expect([questions.length, made(), backend.calls.length]).toEqual([3, 1, 1]);
  });

  it("plays on to the next one that is held", async () => {
    const { session, made } = open((position) => position !== 3);
    await session.play();
    session.hold.letGo();
    await session.play();
    expect([made(), session.state.at]).toEqual([2, { step: 2, station: 1 }]);
    session.hold.letGo();
    await session.play();
    expect(session.state.texts).toEqual(["Hi\x02\x03\x04"]);
  });

  it("is another one after another prompt, or with other switches", async () => {
    const { session, questions, made } = open(() => true);
    await session.token();
    session.configure({ contextSize: 1 });
    expect([session.state.question, session.hold.computed]).toEqual([undefined, undefined]);
    session.hold.letGo(); // nothing is held
    await session.token();
    expect([questions.length, made()]).toEqual([2, 0]);
    session.setPrompts(["Hello"], "error");
    expect(session.state.question).toBeUndefined();
    await session.token();
    expect(questions.at(-1)!.position).toBe(5);
  });

  it("is not the question while one looks back", async () => {
    const { session } = open((position) => position === 3);
    await session.play();
    expect(isOpen(session.state)).toBe(true);
    session.back();
    expect([isOpen(session.state), isNextHidden(session.state)]).toEqual([false, false]);
    await session.walk();
    expect([isOpen(session.state), isNextHidden(session.state)]).toEqual([true, true]);
  });

  it("is never previewed once tokens are asked about", async () => {
    const { backend, session } = open(() => true);
    Object.assign(backend, { config: { ...backend.config, emb_dim: 64 }, milliseconds: 5 });
    await session.token();
    session.reset();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([session.state.preview, isNextHidden(session.state)]).toEqual([undefined, true]);
    session.ask(false);
    await expect.poll(() => session.state.preview?.step.ids).toEqual([2]);
  });
});

describe("who is asked may, at once,", () => {
  const answering = (answer: (session: Session<FakeModel>) => boolean) => {
    const session: Session<FakeModel> = new Session(
      new FakeBackend(),
      { ...defaultSettings, maxNewTokens: 2 },
      () => {},
      () => {},
      () => answer(session),
    );
    session.setPrompts(["Hi"], "error");
    return session;
  };

  it("let it go", async () => {
    const session = answering((it) => {
      it.hold.letGo();
      return false;
    });
    await session.play();
    expect(session.state.texts).toEqual(["Hi\x02\x03"]);
  });

  it.each([true, false])("begin another text, and then nothing of this one is left (%j)", async (mayShow) => {
    let asked = 0;
    const session = answering((it) => {
      if (++asked > 1) return true;
      it.setPrompts(["Hello"], "error");
      return mayShow;
    });
    await session.play();
    expect([session.state.steps, session.state.question, session.hold.computed]).toEqual([
      [],
      undefined,
      undefined,
    ]);
    await session.play();
    expect(session.state.texts).toEqual(["Hello\x05\x06"]);
  });
});
