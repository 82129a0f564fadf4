import * as client from '@kubernetes/client-node'

/** Kinds of others, as far as the manifests use them; `*` is anything. A list holds the form of its items. */
type Form = string | readonly [Form] | Readonly<{ [field: string]: Form }>
const metadata: Form = { name: 'string', namespace: 'string', labels: '*', annotations: '*' }
const selector: Form = { matchLabels: '*', matchExpressions: '*' }
const foreign: Readonly<Record<string, Form>> = {
  // openshift/api route/v1/types.go
  Route: {
    host: 'string',
    path: 'string',
    to: { kind: 'string', name: 'string', weight: 'number' },
    port: { targetPort: 'string' },
    tls: { termination: 'string', insecureEdgeTerminationPolicy: 'string' },
    wildcardPolicy: 'string',
  },
  // prometheus-operator pkg/apis/monitoring/v1/{servicemonitor,prometheusrule}_types.go
  ServiceMonitor: {
    selector,
    endpoints: [{ port: 'string', path: 'string', interval: 'string' }],
  },
  PrometheusRule: {
    groups: [
      {
        name: 'string',
        rules: [
          { alert: 'string', expr: 'string', for: 'string', labels: '*', annotations: '*' },
        ],
      },
    ],
  },
  // argo-cd pkg/apis/application/v1alpha1/types.go
  AppProject: {
    sourceRepos: ['string'],
    destinations: [{ server: 'string', namespace: 'string' }],
    clusterResourceWhitelist: [{ group: 'string', kind: 'string' }],
    namespaceResourceWhitelist: [{ group: 'string', kind: 'string' }],
  },
  Application: {
    project: 'string',
    source: { repoURL: 'string', targetRevision: 'string', path: 'string' },
    destination: { server: 'string', namespace: 'string' },
    syncPolicy: { automated: { prune: 'boolean', selfHeal: 'boolean' } },
  },
  // argoproj-labs/argocd-operator api/v1beta1/argocd_types.go
  ArgoCD: {
    resourceHealthChecks: [{ group: 'string', kind: 'string', check: 'string' }],
    repo: '*',
  },
}

/** Names each field that its kind does not have, and each value of another type; empty for what an API server takes. */
export const schemaFaults = (object: Readonly<Record<string, unknown>>): readonly string[] => {
  const kind = String(object['kind'])
  const form = foreign[kind]
  if (form)
    return formFaults(object, { apiVersion: 'string', kind: 'string', metadata, spec: form }, kind)
  // The validations of a CustomResourceDefinition are free of form for the client.
  const version = String(object['apiVersion']).split('/').at(-1) ?? ''
  const model = `${version.charAt(0).toUpperCase()}${version.slice(1)}${kind}`
  return Reflect.has(client, model)
    ? modelFaults(object, model, kind)
    : [`${kind}: no schema of ${model} is known here`]
}

const formFaults = (value: unknown, form: Form, at: string): readonly string[] => {
  if (form === '*') return []
  if (typeof form === 'string')
    return typeof value === form ? [] : [`${at}: ${typeof value} for ${form}`]
  if (isList(form))
    return Array.isArray(value)
      ? value.flatMap((item, index) => formFaults(item, form[0], `${at}[${index}]`))
      : [`${at}: no list`]
  if (typeof value !== 'object' || value === null) return [`${at}: no object`]
  return Object.entries(value).flatMap(([name, item]) => {
    const field = form[name]
    return field === undefined ? [`${at}.${name}: unknown`] : formFaults(item, field, `${at}.${name}`)
  })
}
const isList = (form: Form): form is readonly [Form] => Array.isArray(form)

type Attribute = Readonly<{ baseName: string; type: string }>

/** The client's models are made from the API server's own description. */
const modelFaults = (value: unknown, model: string, at: string): readonly string[] => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${at}: no object`]
  const fields = new Map(attributesOf(model).map(({ baseName, type }) => [baseName, type]))
  return Object.entries(value).flatMap(([name, item]) => {
    const type = fields.get(name)
    return type === undefined
      ? [`${at}.${name}: unknown`]
      : typeFaults(item, type, `${at}.${name}`)
  })
}
const attributesOf = (model: string): readonly Attribute[] =>
  (Reflect.get(client, model) as { getAttributeTypeMap: () => Attribute[] }).getAttributeTypeMap()

const typeFaults = (value: unknown, type: string, at: string): readonly string[] => {
  const [, items] = /^Array<(.*)>$/.exec(type) ?? []
  if (items !== undefined)
    return Array.isArray(value)
      ? value.flatMap((item, index) => typeFaults(item, items, `${at}[${index}]`))
      : [`${at}: no list`]
  const [, values] = /^\{ \[key: string\]: (.*); \}$/.exec(type) ?? []
  if (values !== undefined)
    return typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, item]) => typeFaults(item, values, `${at}.${name}`))
      : [`${at}: no object`]
  if (type === 'any' || type === 'Date') return []
  if (type === 'IntOrString')
    return ['number', 'string'].includes(typeof value) ? [] : [`${at}: neither number nor string`]
  if (Reflect.has(client, type)) return modelFaults(value, type, at)
  return typeof value === type ? [] : [`${at}: ${typeof value} for ${type}`]
}
