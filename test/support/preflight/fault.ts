import type { Facts } from '../../../src/core/preflight/facts.ts'
import type { Query, ReadObject } from '../../../src/core/preflight/query.ts'

type Placed = ReadObject & Readonly<{ on: Query['on'] }>

export type Alter = (healthy: readonly Placed[]) => readonly Placed[]
export type Learn = (known: Facts) => Facts

/** One thing that is wrong with an otherwise healthy world, and the one check that must say so. */
export type Fault = Readonly<{
  id: string
  reason: RegExp
  level?: 'block' | 'warn'
  objects?: Alter
  facts?: Learn
}>

type Change = Readonly<{
  metadata?: Partial<ReadObject['metadata']>
  spec?: object
  status?: object
  data?: ReadObject['data']
  more?: object
}>

/** Changes the objects of a kind, or the one of a name; fields of spec and status are replaced. */
export const change =
  (kind: string, { metadata, spec, status, data, more }: Change, name?: RegExp): Alter =>
  healthy =>
    healthy.map(object =>
      object.kind !== kind || name?.test(object.metadata.name) === false
        ? object
        : {
            ...object,
            metadata: { ...object.metadata, ...metadata },
            spec: { ...Object(object.spec), ...spec },
            status: { ...Object(object.status), ...status },
            ...(data ? { data } : {}),
            ...more,
          },
    )
export const drop =
  (kind: string, name = /./): Alter =>
  healthy =>
    healthy.filter(object => object.kind !== kind || !name.test(object.metadata.name))
export const add =
  (
    on: Query['on'],
    kind: string,
    object: Change & Readonly<{ name?: string; namespace?: string }> = {},
  ): Alter =>
  healthy => [
    ...healthy,
    {
      ...{ on, kind, spec: object.spec, status: object.status, ...object.more },
      metadata: {
        ...{
          name: object.name ?? 'x',
          ...(object.namespace ? { namespace: object.namespace } : {}),
        },
        ...object.metadata,
      },
    },
  ]
export const conditions = (...all: readonly (readonly [string, string])[]): object => ({
  conditions: all.map(([type, status]) => ({ type, status })),
})
export const crd = (name: string): Alter => add('seed', 'CustomResourceDefinition', { name })
export const git =
  (more: Partial<Facts['git']>): Learn =>
  known => ({ ...known, git: { ...known.git, ...more } })
export const registry =
  (more: Partial<Facts['registry']>): Learn =>
  known => ({ ...known, registry: { ...known.registry, ...more } })
export const argocd =
  (more: Partial<Facts['argocd']>): Learn =>
  known => ({ ...known, argocd: { ...known.argocd, ...more } })
export const base64 = (text: string): string => Buffer.from(text).toString('base64')
export const pullSecret = (text: string): Alter =>
  change('Secret', { data: { '.dockerconfigjson': base64(text) } }, /^pull-secret$/)
export const roles = (...of: readonly string[]): Record<string, string> =>
  Object.fromEntries(of.map(role => [`node-role.kubernetes.io/${role}`, '']))
