import { setTimeout as pause } from 'node:timers/promises';

// An assistant without a model, so that it runs with no account, no key and no network. Replace
// `answer` by a call of your model; everything around it stays as it is.

/** What this session was told. AgentCore gives each session a machine of its own, so a plain
 * variable is the session's memory, and no other session sees it. */
const facts = new Map<string, string>();
let turns = 0;

/** Answers a prompt, a word at a time. */
export async function* reply(prompt: string): AsyncGenerator<string> {
  turns += 1;
  for (const word of answer(prompt.trim()).split(/(?<=\s)/)) {
    yield word;
    await pause(20);
  }
}

function answer(prompt: string): string {
  const told = /^remember (?:that )?(.+?) (?:is|are) (.+?)\.?$/i.exec(prompt);
  if (told?.[1] && told[2]) {
    facts.set(told[1].toLowerCase(), told[2]);
    return `I will remember that ${told[1]} is ${told[2]}, for as long as this session lives.`;
  }

  const asked = /^what(?:'s| is| are) (.+?)\??$/i.exec(prompt)?.[1];
  const fact = asked && facts.get(asked.toLowerCase());
  if (fact) return `You told me: ${fact}.`;

  const sum = calculate(asked ?? prompt);
  if (sum !== undefined) return `That is ${sum}.`;

  if (/\b(turn|session|machine|process)\b/i.test(prompt)) {
    return `This is turn ${turns} of this session, on a machine of its own: process ${process.pid}.`;
  }
  return (
    `You said: “${prompt}”. I have no model yet. I can remember ("remember my city is Turin", ` +
    `"what is my city?"), calculate ("12 * 7") and tell which turn of the session this is. ` +
    `Give me a model in app/Assistant/assistant.ts.`
  );
}

/** The value of one operation on two numbers, if the text is one. */
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
