import { existsSync, readdirSync, readFileSync } from 'node:fs'
import posix from 'node:path/posix'
import type { Test } from 'tap'
import { kustomizeCli } from '../../../src/adapters/kustomize/kustomize-cli.ts'
import {
  listOf,
  parseKustomization,
  type Kustomization,
} from '../../../src/core/kustomization/parse-kustomization.ts'
import { removeItem } from '../../../src/core/edit/remove-item.ts'
import { type Edit } from '../../../src/core/edit/edit.ts'
import { type EditMode } from '../../../src/core/edit/edit.ts'
import { directoryWith } from '../directory-with.ts'
import { clusterInstance } from '../memory-tree.ts'
import { kustomizePlaces } from '../run-sower.ts'

export const path = 'site/kustomization.yaml'
export const modes = ['comment', 'delete'] as const
type Mode = (typeof modes)[number]
const fileOf = { comment: 'after.yaml', delete: 'deleted.yaml' } as const

/** A folder: a file before an edit and after it in both modes, or the code and the words of a refusal. */
export type EditCase = Readonly<{
  name: string
  before: string
  after: Readonly<Record<Mode, string | null>>
  refused: Readonly<Record<Mode, Readonly<{ code: string; message: string }> | null>>
}>

const readCase = (folder: URL, name: string): EditCase => {
  const read = (file: string): string => readFileSync(new URL(`${name}/${file}`, folder), 'utf8')
  const has = (file: string): boolean => existsSync(new URL(`${name}/${file}`, folder))
  const refusals = has('refused.txt') ? read('refused.txt').trimEnd().split('\n') : []
  const refusalOf = (mode: Mode) => {
    const words = refusals.find(line => line.startsWith(`${mode} `))?.split(' ')
    return words ? { code: words[1]!, message: words.slice(2).join(' ') } : null
  }
  const afterOf = (mode: Mode) => (has(fileOf[mode]) ? read(fileOf[mode]) : null)
  return {
    name,
    before: read('before.yaml'),
    after: { comment: afterOf('comment'), delete: afterOf('delete') },
    refused: { comment: refusalOf('comment'), delete: refusalOf('delete') },
  }
}

const casesIn = (directory: string): readonly EditCase[] => {
  const folder = new URL(`../../fixtures/${directory}/`, import.meta.url)
  return readdirSync(folder).map(name => readCase(folder, name))
}

/** Kustomizations that can be built when each entry is a file with a ClusterInstance. */
export const buildableCases = casesIn('kustomization')
export const editCases = [...buildableCases, ...casesIn('edits')]

/** Where an item of a kustomization is, and which one. */
export type Place = Readonly<{ key: string; index: number; value: unknown }>

/** All items of a kustomization, those of its other lists included. */
export const placesIn = (kustomization: Kustomization): readonly Place[] =>
  [...kustomization.lists, ...kustomization.dependents].flatMap(
    ({ key }) => listOf(kustomization, key)?.items ?? [],
  )

const isSeed = (value: unknown): boolean =>
  typeof value === 'string'
    ? posix.normalize(value) === 'seed.yaml'
    : typeof value === 'object' && value !== null && 'path' in value && isSeed(value.path)

/** The item that stands for the seed: `seed.yaml`, or a patch of that path. */
export const seedIn = (kustomization: Kustomization): Place =>
  placesIn(kustomization).find(({ value }) => isSeed(value))!

export const read = (text: string): Kustomization => parseKustomization(path, text)

/** The edit that takes the seed, or the given item, out of a file. */
export const removeFrom = (text: string, mode: EditMode, value?: string): Edit => {
  const kustomization = read(text)
  const place =
    value === undefined
      ? seedIn(kustomization)
      : placesIn(kustomization).find(item => item.value === value)!
  return removeItem(kustomization, { ...place, mode })
}

/** The name of the cluster that stands behind an entry of a file. */
export const clusterOf = (name: string, value: unknown): string =>
  `${name}-${posix.normalize(String(value)).replace(/\W/g, '-')}`

/** One build of many kustomizations, each in a directory with a ClusterInstance for each of the entries. */
export const renderAll = (
  t: Pick<Test, 'teardown'>,
  files: readonly Readonly<{ name: string; text: string; entries: readonly unknown[] }>[],
): Promise<string> =>
  kustomizeCli(kustomizePlaces, { timeLimit: 60 }).build(
    directoryWith(t, {
      'kustomization.yaml': `resources:\n${files.map(({ name }) => `- ${name}\n`).join('')}`,
      ...Object.fromEntries(
        files.flatMap(({ name, text, entries }): (readonly [string, string])[] => [
          [`${name}/kustomization.yaml`, text],
          ...entries.map(
            value => [`${name}/${String(value)}`, clusterInstance(clusterOf(name, value))] as const,
          ),
        ]),
      ),
    }),
  )
