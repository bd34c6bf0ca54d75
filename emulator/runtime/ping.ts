/** A healthy answer to `/ping`, reduced to what decides a session's life. */
export interface PingAnswer {
  readonly status: 'Healthy' | 'HealthyBusy';
  /** A number only when the agent sent whole Unix seconds; otherwise what it sent, or null. */
  readonly timeOfLastUpdate: number | string | null;
}

/** Reads an answer to `/ping`; a string says in a developer's words why it is no healthy answer. */
export function readPing(httpStatus: number, body: string): PingAnswer | string {
  if (httpStatus !== 200) return `/ping answered with status ${httpStatus}, not 200`;
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return `/ping answered ${quote(body)}, which is not JSON; it must be {"status": "Healthy" | "HealthyBusy"}`;
  }
  if (typeof answer !== 'object' || answer === null || !('status' in answer)) {
    return `/ping answered ${quote(body)}, which has no "status"`;
  }
  const { status } = answer;
  if (status !== 'Healthy' && status !== 'HealthyBusy') {
    return `/ping answered the status ${quote(JSON.stringify(status))}, neither "Healthy" nor "HealthyBusy"`;
  }
  const time = 'time_of_last_update' in answer ? answer.time_of_last_update : null;
  if (Number.isInteger(time)) return { status, timeOfLastUpdate: time as number };
  return { status, timeOfLastUpdate: time == null ? null : JSON.stringify(time) };
}

function quote(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
