/** A healthy `/ping` response, reduced to what decides how long a session lives. */
export interface PingAnswer {
  readonly status: 'Healthy' | 'HealthyBusy';
  /** A number if the agent sent whole Unix seconds; otherwise the JSON that it sent, or null. */
  readonly timeOfLastUpdate: number | string | null;
}

/** A ping without a healthy response, and the reason for the developer. */
export interface PingProblem {
  readonly problem: string;
  /** True if the agent responded. A busy agent may only be late. */
  readonly answered: boolean;
}

/** Parses a `/ping` response. */
export function readPing(httpStatus: number, body: string): PingAnswer | PingProblem {
  if (httpStatus !== 200) {
    return unhealthy(`/ping returned status ${httpStatus} instead of 200`);
  }
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return unhealthy(
      `/ping returned ${quote(body)}, which is not JSON. Return {"status": "Healthy"} or {"status": "HealthyBusy"}`,
    );
  }
  if (typeof answer !== 'object' || answer === null || !('status' in answer)) {
    return unhealthy(`/ping returned ${quote(body)}, which has no "status"`);
  }
  const { status } = answer;
  if (status !== 'Healthy' && status !== 'HealthyBusy') {
    return unhealthy(
      `/ping returned the status ${quote(JSON.stringify(status))}, which is neither "Healthy" nor "HealthyBusy"`,
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
