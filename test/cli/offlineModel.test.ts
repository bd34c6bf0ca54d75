import { expect, test } from 'vitest';
import { offlineModelSettings } from '../../src/cli/offlineModel.ts';

test('The settings of the offline model are parsed, in any order.', () => {
  expect(offlineModelSettings.parse('fault=cutStream,latency=200,rate=0.5')).toEqual({
    latency: 200,
    tokensPerSecond: 0.5,
    fault: 'cutStream',
  });
});

test.for([
  '',
  'latency',
  'latency=-1',
  'latency=600001',
  'rate=0',
  'rate=',
  'fault=nap',
  'speed=3',
])('%j is refused.', (text) => expect(offlineModelSettings.parse(text)).toBeUndefined());
