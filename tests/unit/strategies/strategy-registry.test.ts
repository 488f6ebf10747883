import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ConfigError, StrategyError } from '../../../src/core/errors.ts';
import { defineStrategy } from '../../../src/strategies/define-strategy.ts';
import {
  builtinStrategies,
  findStrategy,
  knownKinds,
  strategyOfKind,
} from '../../../src/strategies/strategy-registry.ts';

describe('the strategy registry', () => {
  it('knows the built-in strategies', () => {
    expect(knownKinds).toEqual(['mean_reversion', 'momentum']);
  });

  it('finds a strategy by its kind', () => {
    expect(strategyOfKind('momentum')).toBe(builtinStrategies[1]);
    expect(findStrategy('momentum')).toBe(builtinStrategies[1]);
  });

  it.each(['momentun', '', '__proto__', 'constructor'])(
    'lists the known kinds for "%s"',
    (kind) => {
      expect(findStrategy(kind)).toBeNull();
      expect(() => strategyOfKind(kind)).toThrow(ConfigError);
      expect(() => strategyOfKind(kind)).toThrow(
        `a strategy kind (mean_reversion, momentum) was expected, was "${kind}"`,
      );
    },
  );

  it('holds strategies that say what they do and how each parameter is meant', () => {
    for (const { description, params } of builtinStrategies) {
      expect(description).toMatch(/\.$/);
      const schema = z.toJSONSchema(params, { io: 'input' });
      for (const [name, property] of Object.entries(schema.properties ?? {})) {
        expect(property, `parameter ${name}`).toHaveProperty('description');
        expect(property, `parameter ${name}`).toHaveProperty('default');
      }
    }
  });
});

describe('a strategy definition', () => {
  const create = () => ({ onBar: () => null });

  it('keeps what it is given, and has an empty description when given none', () => {
    const params = z.strictObject({});
    const definition = defineStrategy({ id: 'mine', params, create });
    expect(definition).toEqual({ id: 'mine', description: '', params, create });
  });

  it.each(['', 'Mine', '1st', '../mine', 'my-strategy', 'a'.repeat(65)])(
    'refuses the id "%s"',
    (id) => {
      const define = () => defineStrategy({ id, params: z.strictObject({}), create });
      expect(define).toThrow(StrategyError);
      expect(define).toThrow(`was expected, was "${id}"`);
    },
  );

  it('is for each symbol or for all together', () => {
    const params = z.strictObject({});
    const createForAll = () => ({ onBars: () => null });
    expect(defineStrategy({ id: 'mine', params, createForAll })).toEqual({
      id: 'mine',
      description: '',
      params,
      createForAll,
    });
    const untyped = (values: object) => () =>
      defineStrategy({ id: 'mine', params, ...values } as unknown as { id: string } & Single);
    expect(untyped({ create, createForAll })).toThrow(
      'strategy "mine": create (for each symbol) or createForAll (for all together) was expected, ' +
        'was both',
    );
    expect(untyped({})).toThrow('strategy "mine": create: a function was expected, was undefined');
    expect(untyped({ createForAll: 1 })).toThrow(
      'strategy "mine": createForAll: a function was expected, was number',
    );
  });
});

type Single = Parameters<typeof defineStrategy>[0];
