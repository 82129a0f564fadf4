import { isDeepStrictEqual } from 'node:util'
import { isRecord } from './requests/parse-object.ts'
import { alreadyExistsError, forbiddenError, invalidError, notFoundError } from './status-error.ts'
import { checkDefinition } from './validation/check-definition.ts'
import { checkSchema } from './validation/check-schema.ts'
import { checkSecret, checkSecretEncoding } from './validation/check-secret.ts'
import { timestampOf } from './timestamp-of.ts'
import type { Clock } from '../clock.ts'
import type { ObjectStore, StoredObject } from './object-store.ts'
import type { Resource } from './resource.ts'

const namespaceResource: Resource = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
  status: true,
}

/** True if the kind is compiled into the API server, as opposed to defined by a CRD. */
export const isBuiltIn = ({ group }: Resource): boolean =>
  !group.includes('.') || group.endsWith('.k8s.io')

const checkNamespace = (store: ObjectStore, resource: Resource, object: StoredObject): void => {
  const { namespace, name } = object.metadata
  if (namespace === undefined) return
  const found = store.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace })
  if (!found) throw notFoundError(namespaceResource, namespace)
  if (found.metadata.deletionTimestamp !== undefined)
    throw forbiddenError(
      resource,
      name,
      `unable to create new content in namespace ${namespace} because it is being terminated`,
    )
}

const checkName = (resource: Resource, name: string): void => {
  // A path segment is enough for these, such as `system:node`.
  if (resource.group === 'rbac.authorization.k8s.io' && /^(?!\.{1,2}$)[^/%]+$/.test(name)) return
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name) || name.length > 253)
    throw invalidError(resource, name, {
      field: 'metadata.name',
      message: `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`,
    })
}

// openshift-kni/lifecycle-agent api/seedgenerator/v1/types.go:30,38 (CEL rules of the CRD).
const checkSeedGenerator = (
  resource: Resource,
  object: StoredObject,
  previous: StoredObject | undefined,
): void => {
  const { name } = object.metadata
  if (name !== 'seedimage')
    throw invalidError(resource, name, {
      field: '<nil>',
      message:
        'Invalid value: "object": seedgen is a singleton, metadata.name must be \'seedimage\'',
    })
  if (previous && !isDeepStrictEqual(object['spec'], previous['spec']))
    throw invalidError(resource, name, {
      field: 'spec',
      message: 'Invalid value: "object": cannot modify spec, cr must be deleted and recreated',
    })
}

const checkFinalizers = (
  resource: Resource,
  object: StoredObject,
  previous: StoredObject,
): void => {
  const before = previous.metadata.finalizers ?? []
  const added = object.metadata.finalizers?.filter(each => !before.includes(each)) ?? []
  if (previous.metadata.deletionTimestamp !== undefined && added.length > 0)
    throw invalidError(resource, object.metadata.name, {
      field: 'metadata.finalizers',
      message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${JSON.stringify(added)}`,
    })
}

// stringData is write-only: the server folds it into data.
const completeSecret = (secret: StoredObject): void => {
  const { stringData } = secret
  secret['type'] ??= 'Opaque'
  if (!isRecord(stringData)) return
  const data = isRecord(secret['data']) ? secret['data'] : {}
  for (const [key, value] of Object.entries(stringData))
    data[key] = Buffer.from(String(value)).toString('base64')
  secret['data'] = data
  delete secret['stringData']
}

/** Checks and completes what a client wants to write, as admission and validation do. */
export const admit = (
  of: Readonly<{
    store: ObjectStore
    clock: Clock
    resource: Resource
    object: StoredObject
    previous?: StoredObject | undefined
  }>,
): void => {
  const { store, resource, object, previous } = of
  const { kind, group } = resource
  if (previous) checkFinalizers(resource, object, previous)
  else {
    checkNamespace(store, resource, object)
    checkName(resource, object.metadata.name)
  }
  const isSecret = kind === 'Secret' && group === ''
  if (isSecret) checkSecretEncoding(object)
  const wrong = [...checkSchema(object), ...checkDefinition(store, resource, object, previous)]
  if (wrong.length > 0) throw invalidError(resource, object.metadata.name, ...wrong)
  if (kind === 'SeedGenerator') checkSeedGenerator(resource, object, previous)
  if (!previous && store.get({ ...object.metadata, apiVersion: object.apiVersion, kind }))
    throw alreadyExistsError(resource, object.metadata.name)
  if (isSecret) {
    completeSecret(object)
    const refused = checkSecret(object, previous)
    if (refused.length > 0) throw invalidError(resource, object.metadata.name, ...refused)
  }
  if (kind === 'Namespace' && !previous) {
    object.metadata.labels = {
      ...object.metadata.labels,
      'kubernetes.io/metadata.name': object.metadata.name,
    }
    object['spec'] = { finalizers: ['kubernetes'] }
    object['status'] = { phase: 'Active' }
  }
  if (kind === 'CustomResourceDefinition' && !previous) {
    const lastTransitionTime = timestampOf(of.clock.now())
    object['status'] = {
      conditions: [
        { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', lastTransitionTime },
        { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', lastTransitionTime },
      ],
    }
  }
}
