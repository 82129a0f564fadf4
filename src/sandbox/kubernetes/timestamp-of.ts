/** Writes a time as Kubernetes does in `metadata` and `status`: RFC 3339 with whole seconds. */
export const timestampOf = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z')
