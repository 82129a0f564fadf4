import type { Right } from '../../core/right.ts'
import type { Seen } from '../../core/seen.ts'

export type ObjectKey = Readonly<{
  apiVersion: string
  kind: string
  name: string
  namespace?: string
}>

/** A Kubernetes object, read for what Sower needs; spec and status are parsed where they are used. */
export type KubernetesObject = Readonly<{
  apiVersion: string
  kind: string
  metadata: Readonly<{
    name: string
    namespace?: string | undefined
    uid: string
    resourceVersion?: string | undefined
    generation?: number | undefined
    deletionTimestamp?: string | undefined
    finalizers?: readonly string[] | undefined
    labels?: Readonly<Record<string, string>> | undefined
    annotations?: Readonly<Record<string, string>> | undefined
    ownerReferences?: readonly unknown[] | undefined
  }>
  spec?: unknown
  status?: unknown
  /** The operation of an Application: a sync that is asked for. */
  operation?: unknown
  /** The data of a Secret: standard base64. */
  data?: Readonly<Record<string, string>> | undefined
}>

/** One object, whatever comes under its name later; with its resourceVersion, as it was when it was read. */
export type ObjectVersion = Readonly<{ uid: string; resourceVersion?: string | undefined }>

/** A manifest to create. */
export type Manifest = Readonly<{
  apiVersion: string
  kind: string
  metadata: Readonly<{
    name: string
    namespace?: string
    labels?: Readonly<Record<string, string>>
    annotations?: Readonly<Record<string, string>>
  }>
  spec?: unknown
  type?: string
  data?: Readonly<Record<string, string>>
}>

/**
 * One cluster's API. Reads never throw for the answer: an answer, "not found" and no answer are three
 * values. Writes throw ConflictError OBJECT_CONFLICT, FailedError OBJECT_REFUSED (a definite no) or
 * UnavailableError CLUSTER_UNAVAILABLE (the result is unknown).
 */
export type Cluster = Readonly<{
  read: (key: ObjectKey) => Promise<Seen<KubernetesObject>>
  list: (
    of: Readonly<{ apiVersion: string; kind: string; namespace?: string }>,
  ) => Promise<Seen<readonly KubernetesObject[]>>
  /** The file systems of a node as its kubelet gives them, in `status`: `/stats/summary` through the node's proxy. */
  summary: (node: string) => Promise<Seen<KubernetesObject>>
  create: (manifest: Manifest) => Promise<void>
  /** Creates or replaces a Secret of ours. */
  putSecret: (manifest: Manifest) => Promise<void>
  annotate: (key: ObjectKey, annotations: Readonly<Record<string, string>>) => Promise<void>
  /** Deletes; "not found" is done. With `only`, that object alone, and in that version. */
  remove: (key: ObjectKey, only?: ObjectVersion) => Promise<void>
  /** Asks the API server whether this user may do that. */
  may: (right: Right) => Promise<Seen<boolean>>
  /** Tries whether the API answers a read of this user. */
  ready: () => Promise<Seen<true>>
}>
