import { createHash } from 'node:crypto'
import { textKind } from './doubt-in-text.ts'
import type { ReadUnit } from './plan-shards.ts'

/** The files of a directory that kustomize builds for a shard, by name. */
export type ShardFiles = ReadonlyMap<string, string>

/** Reading one file costs kustomize a little, and comparing the objects of one with each other as well. */
const mostJoined = 16

/**
 * Writes the kustomization of a shard and the files beside it. `way` says how a directory of the tree is reached from
 * where they will be.
 */
export const shardFiles = (
  units: readonly ReadUnit[],
  way: (directory: string) => string,
): ShardFiles => {
  const groups: string[][] = []
  const alone: string[] = []
  const directories: string[] = []
  for (const { kind, path, text } of units) {
    if (kind === 'directory') directories.push(way(path))
    else if (textKind(text) === 'alone') alone.push(text)
    else {
      const group = groups.at(-1)
      if (group && group.length < mostJoined) group.push(text)
      else groups.push([text])
    }
  }
  const texts = [...groups.map(group => group.join('---\n')), ...alone]
  const files = texts.map((text, index) => [`${index}.yaml`, text] as const)
  const entries = [...files.map(([name]) => name), ...directories]
  const kustomization = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: ${JSON.stringify(entries)}
`
  return new Map([['kustomization.yaml', kustomization], ...files])
}

/**
 * A name for what a shard renders to: of all that its build can read, and of what renders it. `renderer` names the
 * program, its version and its flags.
 */
export const shardKey = (units: readonly ReadUnit[], renderer: string): string => {
  const hash = createHash('sha256')
  const add = (text: string): void => {
    hash.update(`${Buffer.byteLength(text)} `).update(text)
  }
  add(renderer)
  for (const { kind, path, text, digest } of units) {
    add(kind)
    add(kind === 'file' ? text : `${path} ${digest}`)
  }
  return hash.digest('hex')
}
