import type {
  AppliedGuardrailDetails,
  GuardrailStreamConfiguration,
  GuardrailTraceAssessment,
} from '@aws-sdk/client-bedrock-runtime';
import type { StopReason } from '../modelEvent.ts';

/**
 * Writes the trace of a guardrail that intervened, if the request asked for one. Backends do not say
 * which policy intervened, so the assessment names only the guardrail.
 */
export function traceGuardrail(
  config: GuardrailStreamConfiguration | undefined,
  stopReason: StopReason,
): GuardrailTraceAssessment | undefined {
  const { guardrailIdentifier: identifier = '', guardrailVersion, trace } = config ?? {};
  if (stopReason !== 'guardrail' || !trace?.startsWith('enabled')) return undefined;
  const id = identifier.split('/').at(-1)!;
  const details: AppliedGuardrailDetails = {
    guardrailId: id,
    ...(guardrailVersion !== undefined && { guardrailVersion }),
    ...(identifier.startsWith('arn:') && { guardrailArn: identifier }),
    guardrailOrigin: ['REQUEST'],
    guardrailOwnership: 'SELF',
  };
  return {
    actionReason: 'Guardrail blocked.',
    outputAssessments: { [id]: [{ appliedGuardrailDetails: details }] },
  };
}
