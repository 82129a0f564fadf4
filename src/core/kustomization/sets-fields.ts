import { fieldsOf } from '../yaml/fields-of.ts'
import { foldCase } from '../yaml/fold-case.ts'
import type { Kustomization } from './parse-kustomization.ts'

/**
 * The first field of a kustomization by which it may set any field of the objects below it; undefined where there is none.
 * `configurations` and `crds` say which fields a prefix, a variable or a reference reaches, and `labels` may name some.
 */
export const setsFields = ({ fields, dependents }: Kustomization): string | undefined =>
  dependents.find(({ key, items }) => items.length > 0 && !generating.includes(key))?.key ??
  Object.entries(fields).find(
    ([name, value]) =>
      reaching.includes(foldCase(name)) || (foldCase(name) === 'labels' && namesFields(value)),
  )?.[0]

const generating: readonly string[] = ['configMapGenerator', 'secretGenerator']

const reaching: readonly string[] = ['configurations', 'crds']

const namesFields = (labels: unknown): boolean =>
  [labels].flat().some(label => [...fieldsOf(label).keys()].some(key => foldCase(key) === 'fields'))
