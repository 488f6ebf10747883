/**
 * Checks of risk, one row an order: a run has a dozen of them for every order, and they are only
 * ever read together. What was recorded check by check is brought together; json_array writes every
 * double so that it comes back as it was.
 */
export const RISK_CHECKS_SCHEMA = `
CREATE TABLE new_risk_checks (
  run_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  -- What risk looked at before it let the order pass or refused it, in that order: a JSON list of
  -- [layer, check, limit, actual, 1 if passed else 0]; null for a limit that is switched off and for
  -- a number that was NaN.
  checks TEXT NOT NULL CHECK (json_valid(checks)),
  PRIMARY KEY (run_id, order_id),
  FOREIGN KEY (run_id, order_id) REFERENCES orders (run_id, order_id)
) STRICT, WITHOUT ROWID;

INSERT INTO new_risk_checks
SELECT run_id, order_id,
  json_group_array(
    json_array(layer, check_name, limit_value, actual_value, passed) ORDER BY position)
FROM risk_checks GROUP BY run_id, order_id;

DROP TABLE risk_checks;
ALTER TABLE new_risk_checks RENAME TO risk_checks;
`;
