import type { OfflineFault, OfflineModelSettings } from '../../../../src/shared/offlineModel.ts';
import type { Clock } from '../../../clock.ts';
import type { Logger } from '../../../log.ts';
import type { ModelBackend } from '../modelBackend.ts';
import { readConversation } from './conversation.ts';
import { embedTexts } from './embedder.ts';
import { applyFault, throwFault } from './faults.ts';
import { composeReply } from './offlineReply.ts';
import { createPromptCache } from './promptCache.ts';
import { countReply, limitReply } from './replyLimits.ts';
import { streamBlocks, wait } from './replyStream.ts';
import type { LoadedScript, ScriptFile } from './script/scriptFile.ts';
import {
  findTurn,
  scriptedReply,
  scriptedUsage,
  throwScriptedError,
  type MatchedTurn,
} from './script/scriptedReply.ts';
import { estimateTokens } from './tokenEstimate.ts';

export interface OfflineBackendOptions {
  /** Read at every call. */
  settings(): OfflineModelSettings;
  /** Returns the script of an agent's project; null without a project. */
  scriptFor(agent: string | null): ScriptFile | null;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
}

/** Creates the built-in model, which is deterministic and uses no network. */
export function createOfflineBackend({
  settings,
  scriptFor,
  clock,
  logger,
}: OfflineBackendOptions): ModelBackend {
  const cache = createPromptCache(clock);

  function chooseFault(matched: MatchedTurn | null, hasGuardrail: boolean): OfflineFault | null {
    const fault = matched?.turn.fault ?? settings().fault;
    if (fault !== 'guardrail' || hasGuardrail) return fault;
    logger.warn('The fault guardrail has no effect, because the request has no guardrail.');
    return null;
  }

  /** A turn's values override the script's, and the script's override the settings. */
  function choosePace(matched: MatchedTurn | null, script: LoadedScript | null) {
    const { latency, tokensPerSecond } = settings();
    return {
      latency: matched?.turn.latency ?? script?.latency ?? latency,
      tokensPerSecond: matched?.turn.tokensPerSecond ?? script?.tokensPerSecond ?? tokensPerSecond,
    };
  }

  return {
    async *invoke(request, { signal, agent }) {
      const script = (await scriptFor(agent)?.load()) ?? null;
      const conversation = readConversation(request);
      const matched = script && findTurn(script, { agent, model: request.model, conversation });
      const { latency, tokensPerSecond } = choosePace(matched, script);
      await wait(latency, signal);
      if (matched) throwScriptedError(matched);
      const fault = chooseFault(matched, request.guardrail !== undefined);
      throwFault(fault);

      const scripted = matched && scriptedReply(matched, request);
      const whole = limitReply(scripted ?? composeReply(request), request);
      const blocked = scripted ? matched.turn.text : undefined;
      const reply = applyFault(whole, fault, blocked);
      const estimate = { ...cache.read(request), outputTokens: countReply(reply) };
      const usage = matched ? scriptedUsage(matched, estimate) : estimate;
      const { inputTokens, cacheReadTokens, cacheWriteTokens } = usage;
      yield { type: 'start', usage: { inputTokens, cacheReadTokens, cacheWriteTokens } };
      yield* streamBlocks(reply, { tokensPerSecond, isCut: fault === 'cutStream' }, signal);
      const { stopReason, stopSequence } = reply;
      yield { type: 'end', stopReason, stopSequence, usage };
    },
    countTokens: async (request) => estimateTokens(request),
    embed: async (request) => embedTexts(request),
  };
}
