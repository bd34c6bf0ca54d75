/**
 * Becomes a fresh bash that runs the command given as its first argument, or the system's own shell
 * where there is no bash. For `/bin/sh -c`.
 */
export const RUN_COMMAND = `
command -v bash >/dev/null 2>&1 && exec bash -c "$1"
exec /bin/sh -c "$1"
`;
