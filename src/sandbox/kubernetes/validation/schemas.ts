/** A compact structural schema; `closed` prunes what it does not name, as the API server does. */
export type Schema = Readonly<{
  type: 'object' | 'array' | 'string' | 'boolean' | 'integer'
  required?: readonly string[]
  properties?: Readonly<Record<string, Schema>>
  items?: Schema
  enum?: readonly string[]
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  maxItems?: number
  pattern?: string
  closed?: true
}>

const string: Schema = { type: 'string' }
const named: Schema = { type: 'object', properties: { name: string } }
const anything: Schema = { type: 'object' }
// openshift-kni/lifecycle-agent api/seedgenerator/v1/types.go: both image references.
const image: Schema = { type: 'string', minLength: 1, pattern: '^([a-z0-9]+://)?[\\S]+$' }

const templateRefs: Schema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['name', 'namespace'],
    properties: { name: string, namespace: string },
  },
}

const node: Schema = {
  type: 'object',
  required: ['bmcAddress', 'bmcCredentialsName', 'bootMACAddress', 'hostName', 'templateRefs'],
  properties: {
    bmcAddress: string,
    bmcCredentialsName: { ...named, required: ['name'] },
    bootMACAddress: { type: 'string', pattern: '^([0-9A-Fa-f]{2}[:]){5}([0-9A-Fa-f]{2})$' },
    hostName: string,
    role: { type: 'string', enum: ['master', 'worker', 'arbiter'] },
    templateRefs,
  },
}

const seedGenerator: Schema = {
  type: 'object',
  closed: true,
  properties: { seedImage: image, recertImage: image },
}

// sealed-secrets helm/sealed-secrets/crds/bitnami.com_sealedsecrets.yaml.
const sealedSecret: Schema = {
  type: 'object',
  closed: true,
  required: ['encryptedData'],
  properties: {
    data: string,
    encryptedData: anything,
    template: {
      type: 'object',
      closed: true,
      properties: {
        data: anything,
        immutable: { type: 'boolean' },
        metadata: anything,
        type: string,
      },
    },
  },
}

// stolostron/siteconfig api/v1alpha1/clusterinstance_types.go; what is not named here is let through.
const clusterInstance: Schema = {
  type: 'object',
  required: [
    'baseDomain',
    'clusterImageSetNameRef',
    'clusterName',
    'nodes',
    'pullSecretRef',
    'templateRefs',
  ],
  properties: {
    baseDomain: string,
    clusterImageSetNameRef: string,
    clusterName: string,
    clusterType: {
      type: 'string',
      enum: ['SNO', 'HighlyAvailable', 'HostedControlPlane', 'HighlyAvailableArbiter'],
    },
    extraManifestsRefs: { type: 'array', items: named },
    nodes: { type: 'array', items: node },
    pullSecretRef: named,
    templateRefs,
  },
}

/** The demands of a CRD on `spec`, by group and kind: of the kinds that Sower writes, or that a site writes for it. */
export const schemas: Readonly<Record<string, Readonly<{ spec: Schema; isRequired: boolean }>>> = {
  'lca.openshift.io/SeedGenerator': { isRequired: false, spec: seedGenerator },
  'bitnami.com/SealedSecret': { isRequired: true, spec: sealedSecret },
  'siteconfig.open-cluster-management.io/ClusterInstance': {
    isRequired: false,
    spec: clusterInstance,
  },
}
