/** A healthy answer to `/ping`, reduced to what decides a session's life. */
export interface PingAnswer {
  readonly status: 'Healthy' | 'HealthyBusy';
  /** A number only when the agent sent whole Unix seconds; otherwise what it sent, or null. */
  readonly timeOfLastUpdate: number | string | null;
}

/** A ping that was not answered as a healthy agent answers, and why in a developer's words. */
export interface PingProblem {
  readonly problem: string;
  /** Whether the agent said so itself; one that is busy may only be late. */
  readonly answered: boolean;
}

/** Reads an answer to `/ping`. */
export function readPing(httpStatus: number, body: string): PingAnswer | PingProblem {
  if (httpStatus !== 200) return unhealthy(`/ping answered with status ${httpStatus}, not 200`);
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return unhealthy(
      `/ping answered ${quote(body)}, which is not JSON; it must be {"status": "Healthy" | "HealthyBusy"}`,
    );
  }
  if (typeof answer !== 'object' || answer === null || !('status' in answer)) {
    return unhealthy(`/ping answered ${quote(body)}, which has no "status"`);
  }
  const { status } = answer;
  if (status !== 'Healthy' && status !== 'HealthyBusy') {
    return unhealthy(
      `/ping answered the status ${quote(JSON.stringify(status))}, neither "Healthy" nor "HealthyBusy"`,
    );
  }
  const time = 'time_of_last_update' in answer ? answer.time_of_last_update : null;
  if (Number.isInteger(time)) return { status, timeOfLastUpdate: time as number };
  return { status, timeOfLastUpdate: time == null ? null : JSON.stringify(time) };
}

function unhealthy(problem: string): PingProblem {
  return { problem, answered: true };
}

function quote(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
