import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { parseObject } from './kubernetes/requests/parse-object.ts'
import type { StoredObject } from './kubernetes/object-store.ts'

/** The objects in the YAML files of some directories, as `kubectl apply` takes them; a Kustomization is none. */
export const readManifestObjects = (directories: readonly string[]): readonly StoredObject[] =>
  directories
    .flatMap(directory =>
      readdirSync(directory)
        .filter(file => file.endsWith('.yaml') && file !== 'kustomization.yaml')
        .map(file => readFileSync(join(directory, file), 'utf8')),
    )
    .flatMap(text => parseAllDocuments(text))
    .map(document => parseObject(document.toJS()))
