import { serverAgent } from './agents.ts';

/**
 * Writes the files in `{ "write": { "/mnt/data/note": "text" } }`, and returns the files of each folder in
 * `look`, by default /mnt/data.
 */
export const storageAgent = serverAgent(
  `if (url === '/invocations') {
     const { write = {}, look = ['/mnt/data'] } = JSON.parse(body);
     for (const [path, text] of Object.entries(write)) writeFileSync(path, text);
     const filesOf = (folder) => readdirSync(folder).map((name) => [name, readFileSync(folder + '/' + name, 'utf8')]);
     return json(response, Object.fromEntries(look.map((folder) => [folder, Object.fromEntries(filesOf(folder))])));
   }`,
  `import { readdirSync, readFileSync, writeFileSync } from 'node:fs';`,
);

/** The same agent in Python, as arguments of plainPythonAgent. */
export const pythonStorage = {
  answer: 'read_files(payload)',
  before: `
def read_files(payload):
    for path, text in payload.get("write", {}).items():
        with open(path, "w") as file:
            file.write(text)
    def read(path):
        with open(path) as file:
            return file.read()
    look = payload.get("look", ["/mnt/data"])
    return {folder: {name: read(os.path.join(folder, name)) for name in os.listdir(folder)} for folder in look}
`,
} as const;
