// The SDK's packages ship their schema files without types. Every operation and shape is an exported
// constant.
declare module '@aws-sdk/client-bedrock-agentcore/dist-es/schemas/schemas_0.js' {
  const schemas: Readonly<Record<string, unknown>>;
  export = schemas;
}

declare module '@aws-sdk/client-bedrock-agentcore-control/dist-es/schemas/schemas_0.js' {
  const schemas: Readonly<Record<string, unknown>>;
  export = schemas;
}
