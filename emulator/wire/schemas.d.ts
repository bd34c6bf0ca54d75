// The SDK's packages ship their schema files without a typing beside them. We read them by their
// exports alone: every operation and shape is one constant.
declare module '@aws-sdk/client-bedrock-agentcore/dist-es/schemas/schemas_0.js' {
  const schemas: Readonly<Record<string, unknown>>;
  export = schemas;
}

declare module '@aws-sdk/client-bedrock-agentcore-control/dist-es/schemas/schemas_0.js' {
  const schemas: Readonly<Record<string, unknown>>;
  export = schemas;
}
