/** An error answer of the registry, with the code of the OCI distribution specification. */
export class RegistryError extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** The JSON body of an error answer. */
export const bodyOf = (error: RegistryError): string =>
  JSON.stringify({ errors: [{ code: error.code, message: error.message, detail: null }] })
