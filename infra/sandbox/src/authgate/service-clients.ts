/** A platform service that calls with client credentials, and all it may ask for. */
export interface ServiceClient {
  readonly id: string;
  readonly secret: string;
  readonly scope: string;
}

export const SERVICE_CLIENTS: readonly ServiceClient[] = [
  { id: 'whatsapp-qr', secret: 'sandbox-secret-whatsapp-qr', scope: 'entitlements.read' },
  { id: 'account-manager', secret: 'sandbox-secret-account-manager', scope: 'handoff.create' },
  { id: 'usage-agent', secret: 'sandbox-secret-usage-agent', scope: 'usage.write credits.write' },
];

export const RESOURCE_SCOPES = 'entitlements.read handoff.create usage.write credits.write';
export const PERSON_SCOPES = 'openid profile email offline_access';
