-- Accounts that were asked about and have nothing: forgotten by age.
CREATE INDEX entitlement_documents_absent_idx ON entitlement_documents (received_at) WHERE document IS NULL;
