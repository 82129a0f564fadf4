import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { kustomizeCli } from '../../../src/adapters/kustomize/kustomize-cli.ts'
import { home, kustomizePlaces } from '../run-sower.ts'

/** An object of the manifests. */
export type ManifestObject = Readonly<{
  apiVersion: string
  kind: string
  metadata: Readonly<{ name: string; namespace?: string }>
  [field: string]: unknown
}>

const kustomize = kustomizeCli(kustomizePlaces, { timeLimit: 60 })
const manifests = join(home, 'manifests')

/** Each directory below `manifests/` that kustomize builds by itself; components are built in what uses them. */
export const kustomizations = (): readonly string[] =>
  readdirSync(manifests, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('kustomization.yaml'))
    .filter(file => /^kind: Kustomization$/m.test(readFileSync(join(manifests, file), 'utf8')))
    .map(dirname)
    .sort()

/** All objects of a directory that kustomize builds, below `manifests/` or elsewhere. */
export const manifestObjects = async (directory: string): Promise<readonly ManifestObject[]> =>
  parseAllDocuments(await kustomize.build(join(manifests, directory))).map(
    document => document.toJS() as ManifestObject,
  )
