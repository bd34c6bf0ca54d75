import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readModels } from '../../scripts/model/botocore.mjs';
import { generateFiles } from '../../scripts/model/generateFiles.mjs';
import { findPythonPackages } from '../support/python.ts';

test("The committed model is the one that npm run generate makes of boto3's.", async () => {
  const files = await generateFiles(readModels(findPythonPackages()));
  expect(files).toHaveLength(5);
  for (const { path, text } of files) expect.soft(readFileSync(path, 'utf8'), path).toBe(text);
});
