import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { parseAllDocuments } from 'yaml'
import { at, type PeerScene } from './peer-scene.ts'

/** Definitions of kinds of others, if there are any: a directory with one in each file that is called like it. */
const definitions = process.env['SOWER_PEER_CRDS'] ?? ''

/** Defines the kinds of others that the manifests have too, where someone has their definitions. */
export const defineForeignKinds = async (
  t: Pick<Test, 'comment'>,
  scene: PeerScene,
): Promise<void> => {
  for (const name of definitions === '' ? [] : readdirSync(definitions)) {
    const documents = parseAllDocuments(readFileSync(join(definitions, name), 'utf8'))
    const [definition] = documents.flatMap(document => {
      const value: unknown = document.errors.length === 0 ? document.toJS() : undefined
      return at(value, 'kind') === 'CustomResourceDefinition' ? [value] : []
    })
    if (definition === undefined) t.comment(`left out: ${name}`)
    else await scene.define(definition)
  }
}
