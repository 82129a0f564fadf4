import { z } from 'zod'
import { keyOf } from '../object-store.ts'
import { apiVersionOf } from '../served-resources.ts'
import { badRequestError, conflictError } from '../status-error.ts'
import { isDryRun, liveOf, parseBody } from './write.ts'
import type { StoredObject } from '../object-store.ts'
import type { Resource } from '../resource.ts'
import type { StatusError } from '../status-error.ts'
import type { Write } from './write.ts'

const PropagationPolicy = z.enum(['Orphan', 'Background', 'Foreground'])

const DeleteOptions = z
  .looseObject({
    preconditions: z.looseObject({ uid: z.string(), resourceVersion: z.string() }).partial(),
    propagationPolicy: PropagationPolicy,
  })
  .partial()

const optionsOf = (write: Write): z.infer<typeof DeleteOptions> => {
  const { data: options } = DeleteOptions.safeParse(parseBody(write) ?? {})
  const { data: policy } = PropagationPolicy.optional().safeParse(
    write.query.get('propagationPolicy') ?? options?.propagationPolicy,
  )
  if (!options) throw badRequestError('error decoding DeleteOptions')
  return { ...options, ...(policy ? { propagationPolicy: policy } : {}) }
}

const checkPreconditions = (
  write: Write,
  {
    uid,
    resourceVersion,
  }: Readonly<{ uid?: string | undefined; resourceVersion?: string | undefined }>,
  { metadata }: StoredObject,
): void => {
  // It names the kind and not the plural here, in the details too (apiserver pkg/registry/rest/delete.go).
  const { resource, name } = write.target
  const differs = (what: string, wanted: string, found: string, hint: string): StatusError =>
    conflictError(
      { ...resource, plural: resource.kind },
      name,
      `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${found}). ${hint}`,
    )
  if (uid !== undefined && uid !== metadata.uid)
    throw differs(
      'UID',
      uid,
      metadata.uid ?? '',
      'The object might have been deleted and then recreated',
    )
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw differs(
      'ResourceVersion',
      resourceVersion,
      metadata.resourceVersion ?? '',
      'The object might have been modified',
    )
}

const dependentsOf = (
  { store }: Write,
  owner: StoredObject,
  served: readonly Resource[],
): StoredObject[] =>
  served
    .flatMap(resource => store.list({ apiVersion: apiVersionOf(resource), kind: resource.kind }))
    .filter(({ metadata }) =>
      metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid),
    )

/**
 * DELETE on an object; `left` is what finalizers still hold. The store collects dependents in the
 * background; Orphan lets them go before, Foreground deletes them first (but does not wait for
 * those that finalizers hold).
 */
export const deleteObject = (
  write: Write,
  served: readonly Resource[],
): Readonly<{ live: StoredObject; left: StoredObject | undefined }> => {
  const { store } = write
  const live = liveOf(write)
  const { preconditions = {}, propagationPolicy } = optionsOf(write)
  checkPreconditions(write, preconditions, live)
  if (isDryRun(write)) return { live, left: undefined }
  if (propagationPolicy === 'Orphan')
    for (const dependent of dependentsOf(write, live, served))
      store.change(keyOf(dependent), ({ metadata }) => {
        metadata.ownerReferences =
          metadata.ownerReferences?.filter(({ uid }) => uid !== live.metadata.uid) ?? []
      })
  if (propagationPolicy === 'Foreground')
    for (const dependent of dependentsOf(write, live, served))
      if (store.get(keyOf(dependent))) store.remove(keyOf(dependent))
  store.remove(keyOf(live))
  return { live, left: store.get(keyOf(live)) }
}
