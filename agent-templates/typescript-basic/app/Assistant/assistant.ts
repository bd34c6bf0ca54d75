import { setTimeout as pause } from 'node:timers/promises';

// An assistant without a model. It needs no account, no key and no network. To use a model, replace
// the body of `answer`. The rest can stay as it is.

/** Facts from this session. AgentCore runs each session on its own machine, so a module variable
 * belongs to one session. */
const facts = new Map<string, string>();
let turns = 0;

/** Streams the answer to a prompt word by word. */
export async function* reply(prompt: string): AsyncGenerator<string> {
  turns += 1;
  for (const word of answer(prompt.trim()).split(/(?<=\s)/)) {
    yield word;
    await pause(20);
  }
}

function answer(prompt: string): string {
  const statement = /^remember (?:that )?(.+?) (?:is|are) (.+?)\.?$/i.exec(prompt);
  if (statement?.[1] && statement[2]) {
    facts.set(statement[1].toLowerCase(), statement[2]);
    const subject = statement[1].replace(/^my\b/i, 'your');
    return `I will remember until this session ends: ${subject} is ${statement[2]}.`;
  }

  const question = /^what(?:'s| is| are) (.+?)\??$/i.exec(prompt)?.[1];
  const fact = question && facts.get(question.toLowerCase());
  if (fact) return `You told me: ${fact}.`;

  const result = calculate(question ?? prompt);
  if (result !== undefined) return `That is ${result}.`;

  if (/\b(turn|session|machine|process)\b/i.test(prompt)) {
    return `This is turn ${turns} of this session, which runs on its own machine (process ${process.pid}).`;
  }
  return (
    `You said: “${prompt}”. This sample has no model. Try “remember my city is Turin”, ` +
    `“what is my city?”, “12 * 7” or “which turn is this?”. ` +
    `To add a model, edit app/Assistant/assistant.ts.`
  );
}

/** Returns the result of an operation on two numbers, or undefined for any other text. */
function calculate(text: string): number | undefined {
  const match = /^(-?\d+(?:\.\d+)?)\s*([-+*/])\s*(-?\d+(?:\.\d+)?)\s*=?$/.exec(text);
  if (!match) return undefined;
  const [a, b] = [Number(match[1]), Number(match[3])];
  switch (match[2]) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    default:
      return a / b;
  }
}
