/** AWS's namespace of strategies whose records belong to an actor. */
export const ACTOR_NAMESPACE = '/strategies/{memoryStrategyId}/actors/{actorId}/';

/** AWS's namespace of summaries and episodes, which belong to one session. */
export const SESSION_NAMESPACE = `${ACTOR_NAMESPACE}sessions/{sessionId}/`;
