//! The names the rows are made of. The rules of `tests/bench/rules.json` speak of the same names.

/// A provider's offering.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) name: &'static str,
    pub(super) category: &'static str,
    pub(super) subcategory: &'static str,
    /// The service part of a resource's ARN.
    pub(super) arn: &'static str,
    /// What stands before a resource's own identifier in the ARN.
    pub(super) prefix: &'static str,
    pub(super) unit: &'static str,
    /// How often a resource is of this service, relative to the others.
    pub(super) weight: u64,
}

macro_rules! services {
    ($($name:literal $category:literal / $subcategory:literal $arn:literal $prefix:literal $unit:literal $weight:literal;)*) => {
        pub(super) const SERVICES: &[Service] = &[$(Service {
            name: $name,
            category: $category,
            subcategory: $subcategory,
            arn: $arn,
            prefix: $prefix,
            unit: $unit,
            weight: $weight,
        },)*];
    };
}

services! {
    "Amazon Elastic Compute Cloud" "Compute" / "Virtual Machines" "ec2" "instance/i-" "Hours" 24;
    "Amazon Simple Storage Service" "Storage" / "Object Storage" "s3" "bucket-" "GB-Mo" 12;
    "Amazon Relational Database Service" "Databases" / "Relational Databases" "rds" "db:" "Hours" 9;
    "AWS Lambda" "Compute" / "Serverless Compute" "lambda" "function:" "Requests" 8;
    "AmazonCloudWatch" "Management and Governance" / "Observability" "cloudwatch" "metric/" "Metrics" 7;
    "Elastic Load Balancing" "Networking" / "Load Balancing" "elasticloadbalancing" "loadbalancer/app/" "LCU-Hours" 5;
    "Amazon Virtual Private Cloud" "Networking" / "Network Connectivity" "ec2" "natgateway/nat-" "GB" 5;
    "Amazon Elastic Kubernetes Service" "Compute" / "Containers" "eks" "cluster/" "Hours" 4;
    "Amazon DynamoDB" "Databases" / "NoSQL Databases" "dynamodb" "table/" "Requests" 4;
    "AWS Key Management Service" "Security" / "Security" "kms" "key/" "Requests" 4;
    "Amazon Simple Queue Service" "Integration" / "Messaging" "sqs" "" "Requests" 3;
    "Amazon Simple Notification Service" "Integration" / "Messaging" "sns" "" "Requests" 2;
    "AWS Support (Business)" "Other" / "Other" "support" "plan/" "USD" 1;
    "Amazon Athena" "Analytics" / "Data Processing" "athena" "workgroup/" "Terabytes" 1;
    "Amazon Redshift" "Analytics" / "Data Warehouses" "redshift" "cluster:" "Hours" 1;
    "AWS Glue" "Analytics" / "Data Processing" "glue" "job/" "DPU-Hour" 1;
    "Amazon EMR" "Analytics" / "Data Processing" "elasticmapreduce" "cluster/" "Hours" 1;
    "Amazon Kinesis" "Analytics" / "Streaming Analytics" "kinesis" "stream/" "ShardHour" 1;
    "Amazon Data Firehose" "Analytics" / "Streaming Analytics" "firehose" "deliverystream/" "GB" 1;
    "Amazon MSK" "Integration" / "Messaging" "kafka" "cluster/" "Hours" 1;
    "Amazon ElastiCache" "Databases" / "Caching" "elasticache" "cluster:" "Hours" 1;
    "Amazon OpenSearch Service" "Analytics" / "Search" "es" "domain/" "Hours" 1;
    "Amazon Neptune" "Databases" / "NoSQL Databases" "neptune-db" "cluster:" "Hours" 1;
    "Amazon DocumentDB" "Databases" / "NoSQL Databases" "docdb" "cluster:" "Hours" 1;
    "Amazon Aurora DSQL" "Databases" / "Relational Databases" "dsql" "cluster/" "DPU" 1;
    "Amazon SageMaker" "AI and Machine Learning" / "AI Platforms" "sagemaker" "endpoint/" "Hours" 1;
    "Amazon Bedrock" "AI and Machine Learning" / "Generative AI" "bedrock" "model/" "Tokens" 1;
    "Amazon Comprehend" "AI and Machine Learning" / "Natural Language Processing" "comprehend" "job/" "Units" 1;
    "Amazon Rekognition" "AI and Machine Learning" / "Other" "rekognition" "project/" "Images" 1;
    "Amazon Textract" "AI and Machine Learning" / "Other" "textract" "job/" "Pages" 1;
    "Amazon Polly" "AI and Machine Learning" / "Other" "polly" "lexicon/" "Characters" 1;
    "Amazon CloudFront" "Networking" / "Content Delivery" "cloudfront" "distribution/" "GB" 1;
    "Amazon Route 53" "Networking" / "Network Infrastructure" "route53" "hostedzone/" "Queries" 1;
    "AWS Direct Connect" "Networking" / "Network Connectivity" "directconnect" "dxcon/" "Hours" 1;
    "AWS Transit Gateway" "Networking" / "Network Routing" "ec2" "transit-gateway/" "Hours" 1;
    "AWS Global Accelerator" "Networking" / "Network Routing" "globalaccelerator" "accelerator/" "Hours" 1;
    "Amazon API Gateway" "Networking" / "Application Networking" "apigateway" "restapis/" "Requests" 1;
    "AWS Step Functions" "Integration" / "API Management" "states" "stateMachine:" "Transitions" 1;
    "Amazon EventBridge" "Integration" / "Messaging" "events" "rule/" "Events" 1;
    "AWS AppSync" "Integration" / "API Management" "appsync" "apis/" "Requests" 1;
    "Amazon Cognito" "Identity" / "Identity and Access Management" "cognito-idp" "userpool/" "Users" 1;
    "AWS Secrets Manager" "Security" / "Secret Management" "secretsmanager" "secret:" "Secrets" 1;
    "Amazon GuardDuty" "Security" / "Threat Detection and Response" "guardduty" "detector/" "Events" 1;
    "Amazon Inspector" "Security" / "Vulnerability Management" "inspector2" "scan/" "Instances" 1;
    "Amazon Macie" "Security" / "Security Posture Management" "macie2" "job/" "GB" 1;
    "AWS WAF" "Security" / "Security" "wafv2" "webacl/" "Requests" 1;
    "AWS Config" "Management and Governance" / "Compliance" "config" "rule/" "Items" 1;
    "AWS CloudTrail" "Management and Governance" / "Compliance" "cloudtrail" "trail/" "Events" 1;
    "AWS Systems Manager" "Management and Governance" / "Support" "ssm" "instance/" "Steps" 1;
    "AWS Backup" "Storage" / "Backup Storage" "backup" "vault:" "GB-Mo" 1;
    "Amazon Elastic File System" "Storage" / "File System Storage" "elasticfilesystem" "file-system/" "GB-Mo" 1;
    "Amazon FSx" "Storage" / "File System Storage" "fsx" "file-system/" "GB-Mo" 1;
    "Amazon S3 Glacier" "Storage" / "Object Storage" "glacier" "vaults/" "GB-Mo" 1;
    "Amazon ECR" "Compute" / "Containers" "ecr" "repository/" "GB-Mo" 1;
    "Amazon ECS" "Compute" / "Containers" "ecs" "service/" "Hours" 1;
    "AWS Batch" "Compute" / "Other" "batch" "queue/" "Hours" 1;
    "Amazon Lightsail" "Compute" / "Virtual Machines" "lightsail" "instance/" "Hours" 1;
    "AWS CodeBuild" "Developer Tools" / "Continuous Integration and Deployment" "codebuild" "project/" "Minutes" 1;
    "AWS CodePipeline" "Developer Tools" / "Continuous Integration and Deployment" "codepipeline" "pipe/" "Pipelines" 1;
    "Amazon QuickSight" "Analytics" / "Business Intelligence" "quicksight" "user/" "Users" 1;
}

/// Identifier, display name, and how often it is used.
pub(super) const REGIONS: &[(&str, &str, u64)] = &[
    ("us-east-1", "US East (N. Virginia)", 30),
    ("us-west-2", "US West (Oregon)", 20),
    ("eu-west-1", "EU (Ireland)", 15),
    ("eu-central-1", "EU (Frankfurt)", 10),
    ("ap-southeast-1", "Asia Pacific (Singapore)", 5),
    ("ap-northeast-1", "Asia Pacific (Tokyo)", 4),
    ("ap-south-1", "Asia Pacific (Mumbai)", 3),
    ("us-east-2", "US East (Ohio)", 3),
    ("us-west-1", "US West (N. California)", 2),
    ("ca-central-1", "Canada (Central)", 2),
    ("sa-east-1", "South America (Sao Paulo)", 2),
    ("eu-west-2", "EU (London)", 1),
    ("eu-north-1", "EU (Stockholm)", 1),
    ("ap-southeast-2", "Asia Pacific (Sydney)", 1),
    ("global", "Global", 1),
];

pub(super) const SQUADS: &[&str] = &[
    "payments",
    "checkout",
    "search",
    "catalog",
    "identity",
    "growth",
    "mobile",
    "web",
    "data-platform",
    "ml-research",
    "observability",
    "platform",
    "security",
    "fulfilment",
    "pricing",
    "support",
];

pub(super) const APPS: &[&str] = &[
    "ledger",
    "billing-api",
    "cart",
    "ranker",
    "crawler",
    "feed",
    "auth",
    "sso",
    "ads",
    "push",
    "ios-bff",
    "web-bff",
    "lake",
    "spark-etl",
    "train-cluster",
    "grafana",
    "loki",
    "mesh",
    "ci",
    "vault",
    "waf",
    "warehouse",
    "quote-engine",
    "helpdesk",
    "kafka",
    "redis-shared",
];

/// Every environment with the ways people spell it.
pub(super) const ENVIRONMENTS: &[(&str, &[&str])] = &[
    ("prod", &["prod", "prod", "prod", "production", "Prod", "PRD"]),
    ("staging", &["staging", "stage", "stg"]),
    ("dev", &["dev", "development", "Dev"]),
    ("sandbox", &["sandbox", "sbx"]),
];

/// What accounts without a squad in their name are called.
pub(super) const SHARED_ACCOUNTS: &[&str] = &["shared", "core", "legacy", "corp"];

/// Values of a tag that trip up readers of JSON inside CSV; already escaped for JSON.
pub(super) const NOTES: &[&str] = &[r#"it's \"shared\", do not delete"#, "temporär – até março", r"a\\b"];

pub(super) const INSTANCE_TYPES: &[&str] = &["m6i.large", "c7g.xlarge", "r6g.2xlarge", "t3.medium"];
